import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Flow, OnMessage, Protocol } from './flow.ts';
import { canonicalHost } from './host.ts';
import { StreamFlow } from './stream-flow.ts';
import type { StreamKind } from './stream-kind.ts';
import { StreamReader } from './stream-reader.ts';
import type { ListenAddress } from './transports.ts';

export interface StreamOptions {
  readonly address: ListenAddress;
  readonly port: number;
  readonly onMessage: OnMessage;
  readonly log: Logger;
}

interface Peer {
  readonly host: string;
  readonly port: number;
}

const MAX_CONNECTIONS = 2_000;
/** A whole site may stand behind one address. */
const MAX_CONNECTIONS_PER_HOST = 200;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that has not sent a whole message by then is a scanner's; so is one that stops within a message. */
const MESSAGE_TIMEOUT_MS = 30_000;
/** Longer than the longest registration. */
const IDLE_TIMEOUT_MS = 2 * 3600 * 1000;

/** SIP over TCP or TLS: accepts connections, opens them, and reuses those that stand. */
export class StreamTransport {
  readonly port: number;
  readonly address: ListenAddress;
  readonly #kind: StreamKind;
  readonly #options: StreamOptions;
  readonly #server: Server;
  /** By the peer's `host:port`. */
  readonly #flows = new Map<string, StreamFlow>();
  readonly #perHost = new Map<string, number>();

  private constructor(kind: StreamKind, options: StreamOptions, server: Server) {
    this.#kind = kind;
    this.#options = options;
    this.address = options.address;
    this.#server = server;
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  /** @throws Error with address and port when the port is taken */
  static async listen(kind: StreamKind, options: StreamOptions): Promise<StreamTransport> {
    const server = createServer({ noDelay: true, keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const { host } = options.address;
      server.listen({ host, port: options.port, ipv6Only: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const transport = new StreamTransport(kind, options, server);
    server.maxConnections = MAX_CONNECTIONS;
    server.on('error', err => options.log.warn({ err }, 'stream server error'));
    server.on('connection', socket => transport.#accept(socket));
    return transport;
  }

  get connections(): number {
    return this.#flows.size;
  }

  get protocol(): Protocol {
    return this.#kind.protocol;
  }

  /** Whether that address may have a connection here. */
  admits(host: string): boolean {
    return this.#kind.admits(host);
  }

  isConnectedTo(host: string, port: number): boolean {
    return this.#flows.get(keyOf({ host, port }))?.isOpen === true;
  }

  /** The connection to that peer, opened when there is none. */
  flowTo(host: string, port: number): Flow {
    const known = this.#flows.get(keyOf({ host, port }));
    if (known?.isOpen) return known;
    const socket = this.#kind.connect({ host, port }, () => clearTimeout(timer));
    const timer = setTimeout(
      () => socket.destroy(new Error('connect timed out')),
      CONNECT_TIMEOUT_MS,
    );
    socket.once('close', () => clearTimeout(timer));
    return this.#adopt(socket, { host, port }, 'opened');
  }

  close(): Promise<void> {
    for (const flow of this.#flows.values()) flow.destroy();
    return new Promise(resolve => this.#server.close(() => resolve()));
  }

  #accept(raw: Socket): void {
    const peer = { host: raw.remoteAddress ?? '', port: raw.remotePort ?? 0 };
    const count = this.#perHost.get(peer.host) ?? 0;
    // Without an address it is gone already.
    if (peer.host === '' || !this.admits(peer.host) || count >= MAX_CONNECTIONS_PER_HOST)
      return void raw.destroy();
    this.#perHost.set(peer.host, count + 1);
    raw.once('close', () => this.#countDown(peer.host));
    this.#adopt(this.#kind.accept(raw), peer, 'accepted');
  }

  #countDown(host: string): void {
    const count = (this.#perHost.get(host) ?? 1) - 1;
    if (count > 0) this.#perHost.set(host, count);
    else this.#perHost.delete(host);
  }

  #adopt(socket: Socket, peer: Peer, how: 'accepted' | 'opened'): StreamFlow {
    const { onMessage, log } = this.#options;
    const key = keyOf(peer);
    const local = { host: this.address.advertisedHost, port: this.port };
    const flow = new StreamFlow(this.protocol, socket, local, peer);
    this.#flows.set(key, flow);
    socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
    socket.on('error', err => log.debug({ err, remoteAddr: key }, 'connection error'));
    socket.once('close', () => {
      if (this.#flows.get(key) === flow) this.#flows.delete(key);
    });
    readMessages(socket, flow, onMessage, how);
    return flow;
  }
}

function readMessages(
  socket: Socket,
  flow: StreamFlow,
  onMessage: OnMessage,
  how: 'accepted' | 'opened',
): void {
  const reader = new StreamReader();
  const giveUp = () => socket.destroy(new Error('no whole message in time'));
  // One that we open ourselves may wait as long as it likes.
  let deadline = how === 'opened' ? undefined : setTimeout(giveUp, MESSAGE_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(deadline));
  socket.on('data', chunk => {
    const items = reader.push(chunk);
    // A keep-alive alone does not spare a connection that never said a word.
    if (items.some(item => item.kind === 'message')) {
      clearTimeout(deadline);
      deadline = undefined;
    }
    if (reader.isInMessage) deadline ??= setTimeout(giveUp, MESSAGE_TIMEOUT_MS);
    for (const item of items) {
      if (item.kind === 'ping') flow.pong();
      else if (item.kind === 'broken') socket.destroy(new Error(item.reason));
      else onMessage(item.data, flow);
    }
  });
}

function keyOf({ host, port }: Peer): string {
  return `${canonicalHost(host)}:${port}`;
}
