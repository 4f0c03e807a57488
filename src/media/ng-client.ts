import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Logger } from 'pino';
import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { asError } from '../util/abort.ts';
import { type Bencodable, decode, encode } from './bencode.ts';

export interface NgClientOptions {
  readonly ng: { readonly host: string; readonly port: number };
  readonly requestTimeoutMs: number;
  readonly log: Logger;
}

export type NgCommand =
  | 'ping'
  | 'offer'
  | 'answer'
  | 'delete'
  | 'query'
  | 'statistics'
  | 'subscribe request'
  | 'subscribe answer';

export type NgOptions = { readonly [key: string]: Bencodable | undefined };

const Reply = z.looseObject({ result: z.string(), 'error-reason': z.string().optional() });
export type NgReply = z.infer<typeof Reply>;

interface Pending {
  readonly resolve: (reply: NgReply) => void;
  readonly reject: (error: Error) => void;
}

/** A lost datagram is sent again after this; rtpengine answers a cookie it knows from memory. */
const RESEND_AFTER_MS = 400;

/**
 * One rtpengine over its ng protocol: a datagram out, a datagram back, matched
 * by a cookie. The socket is connected, so that only rtpengine is heard and a
 * port nobody listens on is noticed at once.
 */
export class NgClient {
  readonly #options: NgClientOptions;
  readonly #pending = new Map<string, Pending>();
  #socket: Promise<Socket> | undefined;
  #closed = false;

  constructor(options: NgClientOptions) {
    this.#options = options;
  }

  /**
   * Sends one command; resolves also with rtpengine's own `error` results.
   * Settles within `requestTimeoutMs`.
   *
   * @throws GatewayError `media-relay-down` when no reply comes in time
   */
  async request(command: NgCommand, options: NgOptions = {}): Promise<NgReply> {
    const cookie = randomUUID();
    const message = Buffer.concat([Buffer.from(`${cookie} `), encode({ ...options, command })]);
    try {
      return await this.#exchange(cookie, message);
    } catch (cause) {
      throw new GatewayError('media-relay-down', 'rtpengine does not answer', {
        cause,
        details: { engine: 'rtpengine', command },
      });
    }
  }

  /** Requests under way are given up. */
  close(): void {
    this.#closed = true;
    this.#drop(new Error('closed'));
  }

  #exchange(cookie: string, message: Buffer): Promise<NgReply> {
    return new Promise<NgReply>((resolve, reject) => {
      const send = () => this.#send(message, cookie);
      const resend = setInterval(send, RESEND_AFTER_MS);
      const limit = setTimeout(() => {
        this.#pending.get(cookie)?.reject(new Error('no reply in time'));
        // Perhaps its name leads to another address by now.
        if (this.#pending.size === 0) this.#drop(new Error('no reply in time'));
      }, this.#options.requestTimeoutMs);
      const settle = () => {
        clearInterval(resend);
        clearTimeout(limit);
        this.#pending.delete(cookie);
      };
      this.#pending.set(cookie, {
        resolve: reply => {
          settle();
          resolve(reply);
        },
        reject: error => {
          settle();
          reject(error);
        },
      });
      send();
    });
  }

  #send(message: Buffer, cookie: string): void {
    const give = (err: unknown) => this.#pending.get(cookie)?.reject(asError(err));
    this.#connected().then(
      socket => {
        if (this.#pending.has(cookie)) socket.send(message, err => err && give(err));
      },
      (err: unknown) => give(err),
    );
  }

  #connected(): Promise<Socket> {
    if (this.#closed) return Promise.reject(new Error('closed'));
    this.#socket ??= this.#connect();
    return this.#socket;
  }

  async #connect(): Promise<Socket> {
    const { host, port } = this.#options.ng;
    const socket = createSocket('udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(port, host, () => {
          socket.off('error', reject);
          resolve();
        });
      });
    } catch (err) {
      this.#socket = undefined;
      socket.close();
      throw err;
    }
    const opened = this.#socket;
    socket.on('message', data => this.#receive(data));
    socket.on('error', err => {
      if (this.#socket === opened) this.#drop(err); // ECONNREFUSED: nobody listens there.
    });
    return socket;
  }

  #receive(data: Buffer): void {
    const space = data.indexOf(' ');
    const pending = this.#pending.get(data.toString('latin1', 0, Math.max(0, space)));
    if (!pending) return; // A second reply, to what was sent twice, or one that came too late.
    try {
      pending.resolve(Reply.parse(decode(data.subarray(space + 1))));
    } catch (err) {
      this.#options.log.warn({ err, engine: 'rtpengine' }, 'reply is not the ng protocol');
      pending.reject(asError(err));
    }
  }

  /** Lets the socket go with everything that waits on it; the next request opens another. */
  #drop(reason: Error): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.then(
      open => open.close(),
      () => undefined, // It never opened.
    );
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
  }
}
