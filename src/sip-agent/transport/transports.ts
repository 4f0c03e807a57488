import type { Logger } from 'pino';
import { parseSipUri, type SipUri } from '../message/address.ts';
import type { SipRequest } from '../message/message.ts';
import { topVia } from '../message/via.ts';
import type { Flow, OnMessage, Protocol, Target } from './flow.ts';
import { TcpTransport } from './tcp.ts';
import { UdpTransport } from './udp.ts';

export interface TransportOptions {
  readonly host: string;
  readonly advertisedHost: string;
  readonly sipPort: number;
  readonly onMessage: OnMessage;
  readonly log: Logger;
}

const DEFAULT_SIP_PORT = 5060; // RFC 3261 §19.1.2

/** UDP and TCP on the same port, and which of them a message takes. */
export class Transports {
  readonly #udp: UdpTransport;
  readonly #tcp: TcpTransport;
  readonly #ownHosts: readonly string[];

  private constructor(udp: UdpTransport, tcp: TcpTransport, ownHosts: readonly string[]) {
    this.#udp = udp;
    this.#tcp = tcp;
    this.#ownHosts = ownHosts;
  }

  /** @throws Error with address and port when one is taken */
  static async listen(options: TransportOptions): Promise<Transports> {
    const udp = await UdpTransport.listen({ ...options, port: options.sipPort });
    try {
      const tcp = await TcpTransport.listen({ ...options, port: udp.port });
      return new Transports(udp, tcp, [options.host, options.advertisedHost]);
    } catch (err) {
      await udp.close();
      throw err;
    }
  }

  get sipPort(): number {
    return this.#udp.port;
  }

  get tcpConnections(): number {
    return this.#tcp.connections;
  }

  flowTo({ protocol, host, port }: Target): Flow {
    return protocol === 'tcp' ? this.#tcp.flowTo(host, port) : this.#udp.flowTo(host, port);
  }

  /** Whether an address is our own: a message to ourselves would go round for ever. */
  isOurs({ host, port }: Target): boolean {
    return this.#ownHosts.includes(host) && port === this.sipPort;
  }

  async close(): Promise<void> {
    await Promise.all([this.#udp.close(), this.#tcp.close()]);
  }
}

/**
 * Where a request to this URI goes; undefined for other schemes and transports.
 * Names are left to the system: no NAPTR or SRV, RFC 3263 §4.
 *
 * @param fallback transport for a URI that names none
 */
export function targetOf(uri: string, fallback = 'udp'): Target | undefined {
  const parsed = parseSipUri(uri);
  if (!parsed) return undefined;
  const protocol = protocolOf(parsed, fallback);
  if (!protocol) return undefined;
  const host = parsed.params.get('maddr') ?? parsed.host;
  return { protocol, host: host.replace(/^\[|\]$/g, ''), port: parsed.port ?? DEFAULT_SIP_PORT };
}

/** Where a response goes, RFC 3261 §18.2.2 and RFC 3581 §4: never elsewhere than where the request came from. */
export function responseTarget(request: SipRequest, source: Flow): Target {
  const { protocol, remoteHost: host, remotePort } = source;
  const via = topVia(request);
  const toSource = !via || (protocol === 'udp' && via.params.has('rport'));
  return { protocol, host, port: toSource ? remotePort : (via.port ?? DEFAULT_SIP_PORT) };
}

function protocolOf({ scheme, params }: SipUri, fallback: string): Protocol | undefined {
  const asked = (params.get('transport') ?? fallback).toLowerCase();
  if (scheme === 'sips') return undefined;
  return asked === 'udp' || asked === 'tcp' ? asked : undefined;
}
