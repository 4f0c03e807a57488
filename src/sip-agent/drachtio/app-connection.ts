import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Flow } from '../transport/flow.ts';
import {
  encodeFrame,
  type Frame,
  FrameReader,
  joinFrame,
  splitFrame,
  timeToken,
} from './framing.ts';

export interface AppConnectionOptions {
  readonly secret: string;
  /** Listening addresses as `proto/host:port,…`, advertised and local. */
  readonly advertised: string;
  readonly local: string;
  readonly onSip: (app: AppConnection, commandId: string, frame: Frame) => void;
  readonly onClosed: (app: AppConnection) => void;
  readonly log: Logger;
}

/** Version we answer as: the client pings only servers from 0.8.2 on. */
const PROTOCOL_VERSION = 'v0.9.10';
const AUTHENTICATION_TIMEOUT_MS = 10_000;
/**
 * A response must not share a TCP read with the OK of its request, or a client
 * that awaits the OK has no listener yet and loses the response for ever.
 */
const GAP_AFTER_OK_MS = 5;

/** One application: a process using drachtio-srf. */
export class AppConnection {
  readonly verbs = new Set<string>();
  readonly #socket: Socket;
  readonly #options: AppConnectionOptions;
  readonly #reader = new FrameReader();
  #authenticated = false;
  /** Earliest time at which a response may be told, by transaction. */
  readonly #notBeforeMs = new Map<string, number>();

  constructor(socket: Socket, options: AppConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.setTimeout(AUTHENTICATION_TIMEOUT_MS, () => socket.destroy());
    socket.on('data', chunk => this.#onData(chunk));
    socket.on('error', err => options.log.debug({ err }, 'application socket error'));
    socket.on('close', () => options.onClosed(this));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Frames held back for the gap. */
  get pendingFrames(): number {
    return this.#notBeforeMs.size;
  }

  /** Answers a command. */
  reply(commandId: string, verdict: 'OK' | 'NO' | 'NOK', ...more: (string | number)[]): void {
    this.#write(joinFrame([randomUUID(), 'response', commandId, verdict, ...more]));
  }

  /** Confirms a request that was sent, with the message as it went on the wire. */
  confirmRequest(commandId: string, flow: Flow, transactionId: string, data: Buffer): void {
    const { protocol, localHost, localPort } = flow;
    const sent = ['application', data.length, protocol, localHost, localPort, timeToken()];
    const tokens = [
      randomUUID(),
      'response',
      commandId,
      'OK',
      ...sent,
      transactionId,
      'Msg sent:',
      '',
    ];
    this.#write(joinFrame(tokens, data));
    const dueMs = Date.now() + GAP_AFTER_OK_MS;
    this.#notBeforeMs.set(transactionId, dueMs);
    setTimeout(() => this.#notBeforeMs.delete(transactionId), GAP_AFTER_OK_MS);
  }

  /** Confirms a response that was sent. */
  confirmResponse(
    commandId: string,
    flow: Flow,
    ids: { readonly transactionId: string; readonly dialogId: string },
    data: Buffer,
  ): void {
    const { protocol, remoteHost, remotePort } = flow;
    const sent = ['application', data.length, protocol, remoteHost, remotePort, timeToken()];
    const { transactionId, dialogId } = ids;
    this.#write(
      joinFrame(
        [
          randomUUID(),
          'response',
          commandId,
          'OK',
          ...sent,
          transactionId,
          dialogId,
          '',
          'Msg sent:',
          '',
        ],
        data,
      ),
    );
  }

  /** Hands over a message from the network, or one made up in its name. */
  deliver(
    message: Buffer,
    from: {
      readonly source: 'network' | 'application';
      readonly bytes: number;
      readonly protocol: string;
      readonly host: string;
      readonly port: number;
      readonly transactionId: string;
      readonly dialogId: string;
      /** Our own address, for new requests only. */
      readonly receivedOn?: { readonly host: string; readonly port: number };
    },
  ): void {
    const { source, bytes, protocol, host, port, transactionId, dialogId, receivedOn } = from;
    const own = receivedOn ? [receivedOn.host, receivedOn.port, ''] : [''];
    const tokens = [randomUUID(), 'sip', source, bytes, protocol, host, port, timeToken()];
    const frame = joinFrame([...tokens, transactionId, dialogId, ...own], message);
    const waitMs = (this.#notBeforeMs.get(transactionId) ?? 0) - Date.now();
    if (waitMs > 0) setTimeout(() => this.#write(frame), waitMs);
    else this.#write(frame);
  }

  close(): void {
    this.#socket.destroy();
  }

  #write(payload: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(encodeFrame(payload));
  }

  #onData(chunk: Buffer): void {
    try {
      for (const payload of this.#reader.push(chunk)) this.#onFrame(splitFrame(payload));
    } catch (err) {
      this.#options.log.warn({ err }, 'application sent a bad frame');
      this.#socket.destroy();
    }
  }

  #onFrame(frame: Frame): void {
    const [id = '', type = ''] = frame.tokens;
    if (type === 'authenticate') this.#authenticate(id, frame.tokens[2] ?? '');
    else if (!this.#authenticated) this.#refuse(id, 'not authenticated');
    else this.#onCommand(id, type, frame);
  }

  #onCommand(id: string, type: string, frame: Frame): void {
    switch (type) {
      case 'ping':
        return this.reply(id, 'OK', 'pong');
      case 'route':
        this.verbs.add((frame.tokens[2] ?? '').toLowerCase());
        return this.reply(id, 'OK');
      case 'remove_route':
        this.verbs.delete((frame.tokens[2] ?? '').toLowerCase());
        return this.reply(id, 'OK');
      case 'sip':
        return this.#options.onSip(this, id, frame);
      case 'proxy':
        return this.reply(id, 'NOK', 'proxying is not supported');
      default:
        return this.#refuse(id, 'Unknown message type');
    }
  }

  #authenticate(id: string, secret: string): void {
    if (!sameSecret(secret, this.#options.secret)) {
      this.#options.log.warn('application with a wrong secret refused');
      return this.#refuse(id, 'incorrect secret');
    }
    this.#authenticated = true;
    this.#socket.setTimeout(0);
    const { advertised, local } = this.#options;
    this.reply(id, 'OK', advertised, PROTOCOL_VERSION, local);
  }

  #refuse(id: string, reason: string): void {
    this.reply(id, 'NO', reason);
    this.#socket.end();
  }
}

function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map(text => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
