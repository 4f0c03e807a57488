import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { RareLog } from '../rare-log.ts';
import type { Flow } from '../transport/flow.ts';
import {
  type Delivery,
  deliveryFrame,
  replyFrame,
  requestSentFrame,
  responseSentFrame,
  type Verdict,
} from './app-frames.ts';
import { encodeFrame, type Frame, FrameReader, splitFrame } from './framing.ts';
import { HeldFrames } from './held-frames.ts';

export interface AppConnectionOptions {
  readonly secret: string;
  /** Listening addresses as `proto/host:port,…`, advertised and local. */
  readonly advertised: string;
  readonly local: string;
  readonly onSip: (app: AppConnection, commandId: string, frame: Frame) => void;
  /** It has said the secret. */
  readonly onAuthenticated?: (app: AppConnection) => void;
  readonly onClosed: (app: AppConnection) => void;
  readonly log: RareLog;
}

/** Version we answer as: the client pings only servers from 0.8.2 on. */
const PROTOCOL_VERSION = 'v0.9.10';
const AUTHENTICATION_TIMEOUT_MS = 10_000;
/** An application that stopped reading is as good as gone. */
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;
const MAX_VERBS = 64;
const MAX_TAGS = 20;
const TAG = /^[\w\-+@:]{1,32}$/;

/** One application: a process using drachtio-srf. */
export class AppConnection {
  /** Methods it asked for, in small letters; a set, since the client repeats itself. */
  readonly verbs = new Set<string>();
  /** What it calls itself; for the log. */
  #tags: readonly string[] = [];
  readonly #socket: Socket;
  readonly #options: AppConnectionOptions;
  readonly #reader = new FrameReader();
  readonly #held = new HeldFrames(frame => this.#write(frame));
  #state: 'new' | 'authenticated' | 'refused' = 'new';
  #flushing: NodeJS.Immediate | undefined;

  constructor(socket: Socket, options: AppConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.setTimeout(AUTHENTICATION_TIMEOUT_MS, () => socket.destroy());
    socket.on('data', chunk => this.#onData(chunk));
    socket.on('error', err => options.log.warn({ err }, 'application connection failed'));
    socket.on('close', () => {
      this.#held.clear();
      clearImmediate(this.#flushing);
      options.onClosed(this);
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#state !== 'refused';
  }

  get isAuthenticated(): boolean {
    return this.#state === 'authenticated';
  }

  /** Names it gave itself: routing by them belongs to a mode that the agent does not have. */
  get tags(): readonly string[] {
    return this.#tags;
  }

  /** Frames held back for the gap after an OK. */
  get pendingFrames(): number {
    return this.#held.size;
  }

  /** Answers a command. */
  reply(commandId: string, verdict: Verdict, ...more: (string | number)[]): void {
    this.#write(replyFrame(commandId, verdict, more));
  }

  /** Confirms a request that was sent; what it causes is told a little later. */
  confirmRequest(commandId: string, flow: Flow, transactionId: string, data: Buffer): void {
    this.#write(requestSentFrame(commandId, flow, transactionId, data));
    // The gap begins when the OK has left, not when it was put to the others of its turn.
    this.#flush();
    this.#held.holdBack(transactionId);
  }

  /** Confirms a response that was sent. */
  confirmResponse(
    commandId: string,
    flow: Flow,
    ids: { readonly transactionId: string; readonly dialogId: string },
    data: Buffer,
  ): void {
    this.#write(responseSentFrame(commandId, flow, ids, data));
  }

  /** Hands over a message; nothing happens when the application is gone. */
  deliver(message: Buffer, delivery: Delivery): void {
    if (this.isOpen) this.#held.push(delivery.transactionId, deliveryFrame(message, delivery));
  }

  /** Tells it of a call, for its records. */
  record(frame: Buffer): void {
    if (this.isOpen) this.#held.push('', frame);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** What a turn of the event loop has for the application leaves in one write, which saves a sixth of the CPU under load. */
  #write(payload: Buffer): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength > MAX_BUFFERED_BYTES) {
      this.#options.log.warn({}, 'application does not read');
      this.#socket.destroy();
      return;
    }
    if (!this.#flushing) {
      this.#socket.cork();
      this.#flushing = setImmediate(() => this.#flush());
    }
    this.#socket.write(encodeFrame(payload));
  }

  #flush(): void {
    if (!this.#flushing) return;
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    this.#socket.uncork();
  }

  #onData(chunk: Buffer): void {
    if (this.#state === 'refused') return;
    let payloads: Buffer[];
    try {
      payloads = this.#reader.push(chunk);
    } catch (err) {
      this.#options.log.warn({ err }, 'application sent a bad frame');
      return void this.#socket.destroy();
    }
    for (const payload of payloads) if (this.isOpen) this.#onFrame(splitFrame(payload));
  }

  #onFrame(frame: Frame): void {
    const [id = '', type] = frame.tokens;
    if (type === undefined) this.refuse(id, 'Invalid message format');
    else if (type === 'authenticate') this.#authenticate(id, frame.tokens);
    else if (this.#state === 'authenticated') this.#onCommand(id, type, frame);
    else this.refuse(id, 'not authenticated');
  }

  #onCommand(id: string, type: string, frame: Frame): void {
    const verb = (frame.tokens[2] ?? '').toLowerCase();
    switch (type) {
      case 'ping':
        return this.reply(id, 'OK', 'pong');
      case 'route':
        if (this.verbs.size < MAX_VERBS) this.verbs.add(verb);
        return this.reply(id, 'OK');
      case 'remove_route':
        this.verbs.delete(verb);
        return this.reply(id, 'OK');
      case 'sip':
        return this.#options.onSip(this, id, frame);
      case 'proxy':
        return this.reply(id, 'NOK', 'proxying is not supported');
      default:
        return this.refuse(id, 'Unknown message type');
    }
  }

  #authenticate(id: string, [, , secret = '', tags = '']: readonly string[]): void {
    if (!sameSecret(secret, this.#options.secret)) {
      this.#options.log.warn({}, 'application with a wrong secret refused');
      return this.refuse(id, 'incorrect secret');
    }
    this.#state = 'authenticated';
    this.#tags = tags
      .split(',')
      .filter(tag => TAG.test(tag))
      .slice(0, MAX_TAGS);
    this.#socket.setTimeout(0);
    const { advertised, local } = this.#options;
    this.reply(id, 'OK', advertised, PROTOCOL_VERSION, local);
    this.#options.onAuthenticated?.(this);
  }

  /** Says no and hangs up; what the application still sends is not read. */
  refuse(id: string, reason: string): void {
    this.reply(id, 'NO', reason);
    this.#state = 'refused';
    this.#socket.setTimeout(AUTHENTICATION_TIMEOUT_MS);
    this.#socket.end();
  }
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
