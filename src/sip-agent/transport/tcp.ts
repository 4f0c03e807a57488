import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Flow, OnMessage } from './flow.ts';
import { StreamReader } from './stream-reader.ts';

export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly advertisedHost: string;
  readonly onMessage: OnMessage;
  readonly log: Logger;
}

const MAX_CONNECTIONS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that has not sent a message by then is a scanner's. */
const FIRST_MESSAGE_TIMEOUT_MS = 30_000;
/** Longer than the longest registration. */
const IDLE_TIMEOUT_MS = 2 * 3600 * 1000;
/** A peer that does not read is let go. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** SIP over TCP: accepts connections, opens them, and reuses those that stand. */
export class TcpTransport {
  readonly #options: TcpOptions;
  readonly #server: Server;
  /** By the peer's `host:port`. */
  readonly #flows = new Map<string, TcpFlow>();

  private constructor(options: TcpOptions, server: Server) {
    this.#options = options;
    this.#server = server;
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
    server.on('connection', socket => transport.#adopt(socket));
    return transport;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get connections(): number {
    return this.#flows.size;
  }

  /** The connection to that peer, opened when there is none. */
  flowTo(remoteHost: string, remotePort: number): Flow {
    const known = this.#flows.get(`${remoteHost}:${remotePort}`);
    if (known) return known;
    const socket = connect({ host: remoteHost, port: remotePort, noDelay: true, keepAlive: true });
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('connect timed out')));
    return this.#adopt(socket, { host: remoteHost, port: remotePort });
  }

  close(): Promise<void> {
    for (const flow of this.#flows.values()) flow.destroy();
    return new Promise(resolve => this.#server.close(() => resolve()));
  }

  #adopt(socket: Socket, peer = peerOf(socket)): TcpFlow {
    const { advertisedHost, onMessage, log } = this.#options;
    const local = { host: advertisedHost, port: this.port };
    const key = `${peer.host}:${peer.port}`;
    const flow = new TcpFlow(socket, local, peer);
    this.#flows.set(key, flow);
    const reader = new StreamReader();
    if (!socket.connecting) expectFirstMessage(socket);
    socket.once('connect', () => socket.setTimeout(IDLE_TIMEOUT_MS));
    socket.on('data', chunk => {
      for (const item of reader.push(chunk)) {
        if (item.kind === 'ping') socket.write('\r\n');
        else if (item.kind === 'broken') socket.destroy(new Error(item.reason));
        else {
          socket.setTimeout(IDLE_TIMEOUT_MS);
          onMessage(item.data, flow);
        }
      }
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', err => log.debug({ err, remoteAddr: key }, 'tcp connection error'));
    socket.on('close', () => {
      flow.closed();
      if (this.#flows.get(key) === flow) this.#flows.delete(key);
    });
    return flow;
  }
}

class TcpFlow implements Flow {
  readonly protocol = 'tcp';
  readonly localHost: string;
  readonly localPort: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly #socket: Socket;
  readonly #unsent = new Set<(err: Error) => void>();

  constructor(
    socket: Socket,
    local: { host: string; port: number },
    peer: { host: string; port: number },
  ) {
    this.#socket = socket;
    this.localHost = local.host;
    this.localPort = local.port;
    this.remoteHost = peer.host;
    this.remotePort = peer.port;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  send(data: Buffer, onError?: (err: Error) => void): void {
    if (this.#socket.destroyed)
      return void setImmediate(() => onError?.(new Error('connection closed')));
    if (this.#socket.writableLength > MAX_BUFFERED_BYTES) this.#socket.destroy();
    if (onError) this.#unsent.add(onError);
    this.#socket.write(data, err => {
      if (onError && this.#unsent.delete(onError) && err) onError(err);
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Tells whoever still waits to be sent. */
  closed(): void {
    const waiting = [...this.#unsent];
    this.#unsent.clear();
    for (const onError of waiting) onError(new Error('connection closed'));
  }
}

function expectFirstMessage(socket: Socket): void {
  socket.setTimeout(FIRST_MESSAGE_TIMEOUT_MS);
}

function peerOf(socket: Socket): { host: string; port: number } {
  return { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
}
