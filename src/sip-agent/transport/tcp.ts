import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Flow, OnMessage } from './flow.ts';
import { StreamReader } from './stream-reader.ts';
import { TcpFlow } from './tcp-flow.ts';

export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly advertisedHost: string;
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

/** SIP over TCP: accepts connections, opens them, and reuses those that stand. */
export class TcpTransport {
  readonly port: number;
  readonly #options: TcpOptions;
  readonly #server: Server;
  /** By the peer's `host:port`. */
  readonly #flows = new Map<string, TcpFlow>();
  readonly #perHost = new Map<string, number>();

  private constructor(options: TcpOptions, server: Server) {
    this.#options = options;
    this.#server = server;
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  /** @throws Error with address and port when the port is taken */
  static async listen(options: TcpOptions): Promise<TcpTransport> {
    const server = createServer({ noDelay: true, keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const transport = new TcpTransport(options, server);
    server.maxConnections = MAX_CONNECTIONS;
    server.on('error', err => options.log.warn({ err }, 'tcp server error'));
    server.on('connection', socket => transport.#accept(socket));
    return transport;
  }

  get connections(): number {
    return this.#flows.size;
  }

  /** The connection to that peer, opened when there is none. */
  flowTo(host: string, port: number): Flow {
    const known = this.#flows.get(keyOf({ host, port }));
    if (known?.isOpen) return known;
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const timer = setTimeout(
      () => socket.destroy(new Error('connect timed out')),
      CONNECT_TIMEOUT_MS,
    );
    socket.once('connect', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
    return this.#adopt(socket, { host, port });
  }

  close(): Promise<void> {
    for (const flow of this.#flows.values()) flow.destroy();
    return new Promise(resolve => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const peer = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const count = this.#perHost.get(peer.host) ?? 0;
    // Without an address it is gone already.
    if (peer.host === '' || count >= MAX_CONNECTIONS_PER_HOST) return void socket.destroy();
    this.#perHost.set(peer.host, count + 1);
    socket.once('close', () => this.#countDown(peer.host));
    this.#adopt(socket, peer);
  }

  #countDown(host: string): void {
    const count = (this.#perHost.get(host) ?? 1) - 1;
    if (count > 0) this.#perHost.set(host, count);
    else this.#perHost.delete(host);
  }

  #adopt(socket: Socket, peer: Peer): TcpFlow {
    const { advertisedHost, onMessage, log } = this.#options;
    const key = keyOf(peer);
    const flow = new TcpFlow(socket, { host: advertisedHost, port: this.port }, peer);
    this.#flows.set(key, flow);
    socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
    socket.on('error', err => log.debug({ err, remoteAddr: key }, 'tcp connection error'));
    socket.once('close', () => {
      if (this.#flows.get(key) === flow) this.#flows.delete(key);
    });
    readMessages(socket, flow, onMessage);
    return flow;
  }
}

function readMessages(socket: Socket, flow: TcpFlow, onMessage: OnMessage): void {
  const reader = new StreamReader();
  const giveUp = () => socket.destroy(new Error('no whole message in time'));
  // One that we open ourselves may wait as long as it likes.
  let deadline = socket.connecting ? undefined : setTimeout(giveUp, MESSAGE_TIMEOUT_MS);
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
  return `${host}:${port}`;
}
