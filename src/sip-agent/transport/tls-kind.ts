import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { Networks } from '../../util/networks.ts';
import type { RareLog } from '../rare-log.ts';
import type { StreamKind } from './stream-kind.ts';

/** Certificate and private key, both PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** Old room codecs: RSA key exchange, CBC and SHA-1, which today's defaults refuse. */
const LEGACY_CIPHERS = 'ALL:!aNULL:!eNULL:@SECLEVEL=0';

/**
 * TLS 1.2 and 1.3. Certificates of devices are not checked: room codecs have
 * self-made ones, and who they are is settled by digest.
 *
 * @throws Error when certificate and key cannot be used
 */
export function modernTls(identity: TlsIdentity, log: RareLog): StreamKind {
  const context = createSecureContext({ ...identity, minVersion: 'TLSv1.2' });
  return tlsKind(context, () => true, log);
}

/**
 * TLS from 1.0 on with ciphers nobody should use any more, for devices that
 * know no better, and for their addresses only.
 *
 * @param networks who may connect, each an address or CIDR
 * @throws Error when certificate, key or a network cannot be used
 */
export function legacyTls(
  identity: TlsIdentity,
  networks: readonly string[],
  log: RareLog,
): StreamKind {
  const context = createSecureContext({
    ...identity,
    minVersion: 'TLSv1',
    ciphers: LEGACY_CIPHERS,
  });
  const allowed = new Networks(networks);
  return tlsKind(context, host => allowed.has(host), log);
}

function tlsKind(
  secureContext: SecureContext,
  admits: (host: string) => boolean,
  log: RareLog,
): StreamKind {
  return {
    protocol: 'tls',
    admits,
    accept: raw => {
      const remoteAddr = raw.remoteAddress;
      const socket = new TLSSocket(raw, { isServer: true, secureContext });
      return reportingHandshake(socket, 'secure', err =>
        log.warn({ err, remoteAddr }, 'tls handshake of a device failed'),
      );
    },
    connect: (to, onReady) => {
      const options = { ...to, secureContext, rejectUnauthorized: false };
      const socket = connect(options, onReady).setNoDelay(true).setKeepAlive(true);
      return reportingHandshake(socket, 'secureConnect', err =>
        log.warn({ err, remoteAddr: to.host }, 'tls handshake with a device failed'),
      );
    },
  };
}

/** A handshake that fails is the operator's to know: the device may need the legacy listener. */
function reportingHandshake(
  socket: TLSSocket,
  done: 'secure' | 'secureConnect',
  onFailed: (err: Error) => void,
): Socket {
  socket.once('error', onFailed);
  return socket.once(done, () => socket.off('error', onFailed));
}
