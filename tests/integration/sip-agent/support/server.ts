/**
 * The SIP server under test: the embedded agent, or the drachtio-server that
 * DIEMCAU_TEST_DRACHTIO=host:port:secret names. The tests do not know which.
 */
import { once } from 'node:events';
import Srf from 'drachtio-srf';
import { pino } from 'pino';
import { expect } from 'vitest';
import { type SipAgentStats, startSipAgent } from '../../../../src/sip-agent/index.ts';
import { testIdentity } from './identity.ts';
import type { ServerAddress } from './raw-peer.ts';

export interface TestServer {
  /** Where devices find it, over UDP and TCP. */
  readonly sip: ServerAddress;
  /** Where applications do. */
  readonly app: { readonly host: string; readonly port: number; readonly secret: string };
  /** Listeners that only the embedded agent is asked for. */
  readonly embedded:
    | {
        readonly ipv6: ServerAddress;
        readonly tls: ServerAddress;
        readonly legacyTls: ServerAddress;
      }
    | undefined;
  /** Waits until it holds this much; one that cannot be looked into holds what it likes. */
  holds(expected: Partial<SipAgentStats>, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const LOOPBACK_IPV6 = '::1';

/** `host:port:secret` of a server that is not ours, if the tests run against one. */
export const FOREIGN_SERVER = process.env.DIEMCAU_TEST_DRACHTIO;
/** What applications say to be let in. */
export const SECRET = FOREIGN_SERVER?.split(':').slice(2).join(':') ?? 'not-a-secret';

export function startServer(): Promise<TestServer> {
  return FOREIGN_SERVER ? foreignServer(FOREIGN_SERVER) : embeddedServer();
}

async function embeddedServer(): Promise<TestServer> {
  const identity = await testIdentity();
  const agent = await startSipAgent(
    {
      host: LOOPBACK,
      ipv6Host: LOOPBACK_IPV6,
      sipPort: 0,
      tls: { port: 0, identity },
      legacyTls: { port: 0, identity, allow: ['127.0.0.1/32'] },
      app: { host: LOOPBACK, port: 0, secret: SECRET },
    },
    pino({ level: 'silent' }),
  );
  const [tlsPort = 0, legacyPort = 0] = agent.tlsPorts;
  return {
    sip: { host: LOOPBACK, port: agent.sipPort },
    app: { ...agent.app, secret: SECRET },
    embedded: {
      ipv6: { host: LOOPBACK_IPV6, port: agent.sipPort },
      tls: { host: LOOPBACK, port: tlsPort },
      legacyTls: { host: LOOPBACK, port: legacyPort },
    },
    holds: async (expected, timeout = 2_000) => {
      await expect.poll(() => agent.stats(), { timeout, interval: 20 }).toMatchObject(expected);
    },
    close: () => agent.close(),
  };
}

/** @param where host:port:secret of its application port */
async function foreignServer(where: string): Promise<TestServer> {
  const [host = '', port = ''] = where.split(':');
  const app = { host, port: Number(port), secret: SECRET };
  const sip = await sipAddressOf(app);
  return {
    sip,
    app,
    embedded: undefined,
    holds: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** The server tells applications where it listens. */
async function sipAddressOf(app: TestServer['app']): Promise<ServerAddress> {
  const srf = new Srf();
  srf.on('error', () => undefined);
  const connected = once(srf, 'connect');
  void srf.connect(app);
  const [err, addresses] = (await connected) as [Error | null, string];
  srf.disconnect();
  const match = /udp\/([^,:]+):(\d+)/.exec(String(addresses));
  if (err || !match?.[1]) throw new Error(`no SIP server at ${app.host}:${app.port}`);
  return { host: match[1], port: Number(match[2]) };
}
