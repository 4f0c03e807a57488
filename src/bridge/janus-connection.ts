import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import WebSocket from 'ws';
import { GatewayError } from '../domain/errors.ts';
import { abortable, asError } from '../util/abort.ts';
import { JanusHandle } from './janus-handle.ts';
import { type JanusFrame, parseFrame } from './messages.ts';

export interface JanusOptions {
  /** `ws://host:port` of Janus' own API. */
  readonly url: string;
  readonly apiSecret: string;
  readonly requestTimeoutMs: number;
  readonly log: Logger;
}

interface Pending {
  readonly resolve: (frame: JanusFrame) => void;
  readonly reject: (error: Error) => void;
  /** A plugin's slow answer: the `ack` before it is skipped. */
  readonly timer: NodeJS.Timeout;
}

/** How soon a Janus that hangs is noticed, `requestTimeoutMs` added; its session timeout is 60 s. */
const KEEPALIVE_INTERVAL_MS = 5_000;

/** One WebSocket with one Janus session on it; when it closes, all of it is gone. */
export class JanusConnection {
  readonly #options: JanusOptions;
  readonly #socket: WebSocket;
  readonly #pending = new Map<string, Pending>();
  readonly #handles = new Map<number, JanusHandle>();
  readonly #closed = new AbortController();
  #sessionId: number | undefined;
  #keepalive: NodeJS.Timeout | undefined;

  private constructor(options: JanusOptions, socket: WebSocket) {
    this.#options = options;
    this.#socket = socket;
    socket.on('message', data => this.#onFrame(String(data)));
    socket.on('close', () => this.#onClose());
    socket.on('error', err => options.log.debug({ err }, 'janus socket error'));
  }

  /**
   * Connects and opens the session.
   *
   * @throws GatewayError `room-server-down`
   */
  static async open(options: JanusOptions): Promise<JanusConnection> {
    const socket = new WebSocket(options.url, 'janus-protocol', {
      handshakeTimeout: options.requestTimeoutMs,
    });
    const connection = new JanusConnection(options, socket);
    try {
      await opened(socket);
      const reply = await connection.request({ janus: 'create' });
      connection.#sessionId = reply.data?.id;
      connection.#keepSessionAlive();
      return connection;
    } catch (cause) {
      connection.close();
      throw new GatewayError('room-server-down', 'Janus does not answer', { cause });
    }
  }

  /** Fires when the socket or the session is gone. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /**
   * A new handle on a plugin; whoever attached it detaches it.
   *
   * @throws GatewayError `room-server-down`, `room-server-refused`
   */
  async attach(plugin: 'audiobridge' | 'videoroom', signal: AbortSignal): Promise<JanusHandle> {
    const attaching = this.#attach(`janus.plugin.${plugin}`);
    try {
      return await abortable(attaching, signal);
    } catch (err) {
      attaching.then(handle => handle.detach()).catch(() => undefined); // it never came to be
      throw err;
    }
  }

  /**
   * Sends one frame and waits for its reply; for a plugin message, for the
   * plugin's own answer and not for the `ack` before it.
   */
  request(frame: object): Promise<JanusFrame> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.reject(this.#down());
    const transaction = randomUUID();
    const { apiSecret, requestTimeoutMs } = this.#options;
    const session = this.#sessionId === undefined ? {} : { session_id: this.#sessionId };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(transaction);
        reject(this.#down());
      }, requestTimeoutMs);
      this.#pending.set(transaction, { resolve, reject, timer });
      this.#socket.send(
        JSON.stringify({ ...frame, ...session, transaction, apisecret: apiSecret }),
      );
    });
  }

  /** Lets a handle go; its later events are not heard any more. */
  forget(handleId: number): void {
    this.#handles.delete(handleId);
  }

  close(): void {
    clearInterval(this.#keepalive);
    this.#socket.terminate();
  }

  async #attach(plugin: string): Promise<JanusHandle> {
    const reply = await this.request({ janus: 'attach', plugin });
    if (reply.data === undefined) throw refused(reply.error);
    const handle = new JanusHandle(this, reply.data.id);
    this.#handles.set(reply.data.id, handle);
    return handle;
  }

  #onFrame(text: string): void {
    const frame = parseFrame(text);
    if (!frame) this.#options.log.warn('janus sent what is not its protocol');
    else if (frame.janus === 'ack') this.#onAck(frame);
    else if (frame.janus === 'timeout') this.close();
    else this.#dispatch(frame);
  }

  #dispatch(frame: JanusFrame): void {
    const pending = frame.transaction === undefined ? undefined : this.#take(frame.transaction);
    if (!pending) this.#handles.get(frame.sender ?? -1)?.deliver(frame);
    else if (frame.error) pending.reject(refused(frame.error));
    else pending.resolve(frame);
  }

  /** Only a keepalive is answered by an `ack` alone. */
  #onAck(frame: JanusFrame): void {
    if (frame.transaction?.startsWith('keepalive')) this.#take(frame.transaction)?.resolve(frame);
  }

  #take(transaction: string): Pending | undefined {
    const pending = this.#pending.get(transaction);
    this.#pending.delete(transaction);
    clearTimeout(pending?.timer);
    return pending;
  }

  #keepSessionAlive(): void {
    this.#keepalive = setInterval(() => {
      const transaction = `keepalive-${randomUUID()}`;
      const timer = setTimeout(() => this.close(), this.#options.requestTimeoutMs);
      const done = () => clearTimeout(timer);
      this.#pending.set(transaction, { resolve: done, reject: done, timer });
      const frame = { janus: 'keepalive', session_id: this.#sessionId, transaction };
      this.#socket.send(JSON.stringify({ ...frame, apisecret: this.#options.apiSecret }));
    }, KEEPALIVE_INTERVAL_MS);
    this.#keepalive.unref();
  }

  #onClose(): void {
    clearInterval(this.#keepalive);
    for (const transaction of [...this.#pending.keys()])
      this.#take(transaction)?.reject(this.#down());
    this.#handles.clear();
    this.#closed.abort(this.#down());
  }

  #down(): GatewayError {
    return new GatewayError('room-server-down', 'Janus does not answer', {
      details: { engine: 'janus' },
    });
  }
}

/** Janus said no; its code is for the log. */
export function refused(error: { code: number; reason: string } | undefined): GatewayError {
  const details = { engine: 'janus', janusCode: error?.code, reason: error?.reason };
  return new GatewayError('room-server-refused', 'Janus refused', { details });
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', err => reject(asError(err)));
    socket.once('close', () => reject(new Error('closed before it opened')));
  });
}
