import type { Logger } from 'pino';
import { writtenHost } from '../message/address.ts';
import { RareLog } from '../rare-log.ts';
import type { Flow, OnMessage, Protocol, Target } from './flow.ts';
import { onFreePorts } from './free-ports.ts';
import { familyOf, isSameHost } from './host.ts';
import { StreamTransport } from './stream.ts';
import { PLAIN_TCP, type StreamKind } from './stream-kind.ts';
import { legacyTls, modernTls, type TlsIdentity } from './tls-kind.ts';
import { UdpTransport } from './udp.ts';

/** One address to listen on; IPv4 or IPv6. */
export interface ListenAddress {
  readonly host: string;
  /** What peers are told. */
  readonly advertisedHost: string;
}

export interface TlsSettings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly identity: TlsIdentity;
}

export interface LegacyTlsSettings extends TlsSettings {
  /** Who may connect: addresses and CIDRs. */
  readonly allow: readonly string[];
}

export interface TransportOptions {
  readonly addresses: readonly ListenAddress[];
  /** UDP and TCP, the same on every address; 0 takes a free one. */
  readonly sipPort: number;
  readonly tls?: TlsSettings | undefined;
  readonly legacyTls?: LegacyTlsSettings | undefined;
  readonly onMessage: OnMessage;
  readonly log: Logger;
}

type Transport = UdpTransport | StreamTransport;

/** All that the agent listens on, and which of it a message takes. */
export class Transports {
  readonly #udp: UdpTransport[] = [];
  readonly #streams: StreamTransport[] = [];
  readonly #options: TransportOptions;

  private constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** @throws Error with address and port when one is taken */
  static listen(options: TransportOptions): Promise<Transports> {
    const ports = [options.sipPort, options.tls?.port, options.legacyTls?.port];
    return onFreePorts(ports.includes(0), () => Transports.#listenOnAll(options));
  }

  static async #listenOnAll(options: TransportOptions): Promise<Transports> {
    const transports = new Transports(options);
    try {
      await transports.#listen();
      return transports;
    } catch (err) {
      await transports.close();
      throw err;
    }
  }

  get sipPort(): number {
    return this.#udp[0]?.port ?? this.#options.sipPort;
  }

  /** Ports of the TLS listeners, the legacy one last. */
  get tlsPorts(): readonly number[] {
    return [...new Set(this.#streams.filter(s => s.protocol === 'tls').map(s => s.port))];
  }

  /** Over TCP and TLS. */
  get tcpConnections(): number {
    return this.#streams.reduce((sum, stream) => sum + stream.connections, 0);
  }

  /** Everything listened on as `protocol/host:port,…`. */
  listening(which: 'host' | 'advertisedHost'): string {
    return [...this.#streams, ...this.#udp]
      .map(t => `${t.protocol}/${writtenHost(t.address[which])}:${t.port}`)
      .join(',');
  }

  /**
   * The way to an address; a connection is opened where none stands.
   *
   * @throws Error when nothing that we listen on leads there
   */
  flowTo({ protocol, host, port }: Target): Flow {
    const leading = this.#leadingTo(protocol, host);
    const open = leading.find(transport => transport.isConnectedTo(host, port)) ?? leading.at(-1);
    if (!open) throw new Error('requested protocol/transport not available');
    return open.flowTo(host, port);
  }

  /** Whether an address is our own: a message to ourselves would go round for ever. */
  isOurs({ host, port }: Target): boolean {
    return [...this.#udp, ...this.#streams].some(
      ({ address, port: own }) =>
        own === port &&
        (isSameHost(address.host, host) || isSameHost(address.advertisedHost, host)),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#udp, ...this.#streams].map(transport => transport.close()));
  }

  async #listen(): Promise<void> {
    const { addresses, tls, legacyTls: legacy, log } = this.#options;
    const rareLog = new RareLog(log);
    for (const address of addresses) await this.#listenPlain(address);
    if (tls) await this.#listenTls(modernTls(tls.identity, rareLog), tls.port);
    if (!legacy) return;
    await this.#listenTls(legacyTls(legacy.identity, legacy.allow, rareLog), legacy.port);
    log.warn(
      { sipTlsPort: this.tlsPorts.at(-1), allow: legacy.allow },
      'legacy TLS is on: what these addresses say can be read and changed by others',
    );
  }

  async #listenPlain(address: ListenAddress): Promise<void> {
    const { onMessage, log } = this.#options;
    const udp = await UdpTransport.listen({ address, port: this.sipPort, onMessage, log });
    this.#udp.push(udp);
    await this.#listenStream(PLAIN_TCP, address, udp.port);
  }

  async #listenTls(kind: StreamKind, port: number): Promise<void> {
    let actual = port;
    for (const address of this.#options.addresses)
      actual = (await this.#listenStream(kind, address, actual)).port;
  }

  async #listenStream(kind: StreamKind, address: ListenAddress, port: number) {
    const { onMessage, log } = this.#options;
    const stream = await StreamTransport.listen(kind, { address, port, onMessage, log });
    this.#streams.push(stream);
    return stream;
  }

  /** The legacy TLS listener comes last, and admits only devices that need it. */
  #leadingTo(protocol: Protocol, host: string): Transport[] {
    const all: Transport[] = protocol === 'udp' ? this.#udp : this.#streams;
    return all.filter(
      transport =>
        transport.protocol === protocol &&
        transport.admits(host) &&
        familyOf(transport.address.host) === familyOf(host),
    );
  }
}
