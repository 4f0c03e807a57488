/**
 * The gateway's end of the stage's WebSocket: typed requests, events, and a
 * connection that comes back by itself. Start reading at `StageClient.request`.
 */
import type { Logger } from 'pino';
import WebSocket from 'ws';
import type { EngineHealth, StagePort } from '../calls/ports.ts';
import {
  type StageErrorCode,
  type StageEventName,
  type StageEventParams,
  StageEvents,
  type StageMethod,
  type StageParams,
  StageReplyFrame,
  StageRequests,
  type StageResult,
} from '../contract/stage.ts';
import { GatewayError, type GatewayErrorCode } from '../domain/errors.ts';
import { abortable, sleep } from '../util/abort.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';

export interface StageClientOptions {
  readonly url: string;
  readonly secret: string;
  readonly requestTimeoutMs: number;
  readonly log: Logger;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
}

type EventMap = { [E in StageEventName]: StageEventParams<E> };

const RECONNECT_INTERVAL_MS = 1_000;
const ERROR_CODES: Record<StageErrorCode, GatewayErrorCode> = {
  'bad-request': 'internal',
  'not-found': 'invalid-state',
  'ports-exhausted': 'media-ports-exhausted',
  internal: 'internal',
};

/** Never rejects because the stage is away: `health()` tells, and it is tried again by itself. */
export async function connectStage(
  options: StageClientOptions,
): Promise<StagePort & { close(): Promise<void> }> {
  const client = new StageClient(options);
  await client.start();
  return client;
}

class StageClient implements StagePort {
  readonly #options: StageClientOptions;
  readonly #events: TypedEmitter<EventMap>;
  readonly #lostListeners = new Set<(error: GatewayError) => void>();
  readonly #pending = new Map<number, Pending>();
  readonly #stopping = new AbortController();
  #socket: WebSocket | undefined;
  #nextId = 1;
  #health: EngineHealth = { ok: false, detail: 'not connected yet' };

  constructor(options: StageClientOptions) {
    this.#options = options;
    this.#events = new TypedEmitter((event, err) =>
      options.log.error({ err, event }, 'listener failed'),
    );
  }

  async start(): Promise<void> {
    await this.#connect();
    void this.#stayConnected();
  }

  async request<M extends StageMethod>(
    method: M,
    params: StageParams<M>,
    signal?: AbortSignal,
  ): Promise<StageResult<M>> {
    signal?.throwIfAborted();
    const reply = this.#send(method, params);
    const result = await (signal ? abortable(reply, signal) : reply);
    return StageRequests[method].result.parse(result) as StageResult<M>;
  }

  on<E extends StageEventName>(name: E, listener: (event: StageEventParams<E>) => void) {
    return this.#events.on(name, listener as (event: EventMap[E]) => void);
  }

  health(): EngineHealth {
    return this.#health;
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('closed'));
    this.#socket?.terminate();
  }

  #send(method: StageMethod, params: unknown): Promise<unknown> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(down());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(down());
      }, this.#options.requestTimeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #onMessage(text: string): void {
    const parsed = StageReplyFrame.safeParse(JSON.parse(text));
    if (!parsed.success) return this.#options.log.warn('stage sent what is not its contract');
    const frame = parsed.data;
    if ('event' in frame) return this.#onEvent(frame.event, frame.params);
    const pending = this.#pending.get(frame.id);
    if (!pending) return;
    this.#pending.delete(frame.id);
    clearTimeout(pending.timer);
    if ('result' in frame) return pending.resolve(frame.result);
    const { code, message } = frame.error;
    const details = { engine: 'stage' };
    pending.reject(new GatewayError(ERROR_CODES[code], `stage: ${message}`, { details }));
  }

  #onEvent(name: StageEventName, params: unknown): void {
    const parsed = StageEvents[name].safeParse(params);
    if (parsed.success) this.#events.emit(name, parsed.data as EventMap[typeof name]);
    else this.#options.log.warn({ event: name }, 'stage sent what is not its contract');
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await sleep(RECONNECT_INTERVAL_MS, signal);
      } catch {
        return; // closed
      }
      if (!this.#socket) await this.#connect();
    }
  }

  async #connect(): Promise<void> {
    const { url, secret, requestTimeoutMs, log } = this.#options;
    const headers = { Authorization: `Bearer ${secret}` };
    const socket = new WebSocket(url, { headers, handshakeTimeout: requestTimeoutMs });
    const opened = await new Promise<boolean>(resolve => {
      socket.once('open', () => resolve(true));
      socket.once('close', () => resolve(false));
      socket.on('error', err => log.debug({ err, engine: 'stage' }, 'stage socket error'));
    });
    if (!opened || this.#stopping.signal.aborted) return this.#notReachable(socket);
    socket.on('message', data => this.#onMessage(String(data)));
    socket.on('close', () => this.#onClosed());
    this.#socket = socket;
    this.#health = { ok: true };
    log.info({ engine: 'stage' }, 'stage connected');
  }

  #notReachable(socket: WebSocket): void {
    socket.terminate();
    if (this.#health.detail !== 'not reachable')
      this.#options.log.warn({ engine: 'stage' }, 'stage not reachable');
    this.#health = { ok: false, detail: 'not reachable' };
  }

  #onClosed(): void {
    this.#socket = undefined;
    this.#health = { ok: false, detail: 'connection lost' };
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(down());
    }
    this.#pending.clear();
    if (this.#stopping.signal.aborted) return;
    this.#options.log.error({ engine: 'stage' }, 'stage lost');
    for (const listener of [...this.#lostListeners]) listener(down());
  }
}

function down(): GatewayError {
  return new GatewayError('stage-down', 'The stage does not answer.', {
    details: { engine: 'stage' },
  });
}
