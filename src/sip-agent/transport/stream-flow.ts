import type { Socket } from 'node:net';
import type { Flow, Protocol } from './flow.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A peer that does not read is let go. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** One TCP or TLS connection as messages go out on it. */
export class StreamFlow implements Flow {
  readonly protocol: Protocol;
  readonly localHost: string;
  readonly localPort: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly #socket: Socket;
  readonly #unsent = new Set<(err: Error) => void>();
  readonly #onClosed = new Set<() => void>();

  constructor(protocol: Protocol, socket: Socket, local: Address, peer: Address) {
    this.protocol = protocol;
    this.#socket = socket;
    this.localHost = local.host;
    this.localPort = local.port;
    this.remoteHost = peer.host;
    this.remotePort = peer.port;
    socket.once('close', () => this.#closed());
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && !this.#socket.writableEnded;
  }

  send(data: Buffer, onError?: (err: Error) => void): void {
    if (this.#socket.writableLength > MAX_BUFFERED_BYTES) this.#socket.destroy();
    if (!this.isOpen) return void setImmediate(() => onError?.(new Error('connection closed')));
    if (!onError) return void this.#socket.write(data);
    this.#unsent.add(onError);
    this.#socket.write(data, err => {
      if (this.#unsent.delete(onError) && err) onError(err);
    });
  }

  /** Answers a keep-alive, unless the peer only sends and never reads; RFC 5626 §3.5.1. */
  pong(): void {
    if (this.isOpen && this.#socket.writableLength === 0) this.#socket.write('\r\n');
  }

  onceClosed(listener: () => void): void {
    this.#onClosed.add(listener);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Tells whoever still waits to be sent, and whoever relies on the connection. */
  #closed(): void {
    const [unsent, listeners] = [[...this.#unsent], [...this.#onClosed]];
    this.#unsent.clear();
    this.#onClosed.clear();
    for (const onError of unsent) onError(new Error('connection closed'));
    for (const listener of listeners) listener();
  }
}
