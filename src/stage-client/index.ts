/**
 * The gateway's end of the stage's WebSocket: typed requests, events, and a
 * connection that comes back by itself. It keeps nothing: whoever opened a scene
 * opens it again after `onLost`. Start reading at `StageClient.request`.
 */
import type { Logger } from 'pino';
import type { EngineHealth, StagePort } from '../calls/ports.ts';
import {
  type StageEventName,
  type StageEventParams,
  StageEvents,
  type StageMethod,
  type StageParams,
  StageReplyFrame,
  StageRequests,
  type StageResult,
} from '../contract/stage.ts';
import { GatewayError } from '../domain/errors.ts';
import { abortable, sleep } from '../util/abort.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import { PendingRequests, stageDown } from './pending-requests.ts';
import { openStageSocket, type StageSocket } from './stage-socket.ts';

export interface StageClientOptions {
  readonly url: string;
  readonly secret: string;
  readonly requestTimeoutMs: number;
  readonly log: Logger;
}

export type StageClient = StagePort & {
  /** Ends the connection for good; what is under way is refused. Safe to call twice. */
  close(): Promise<void>;
};

type EventMap = { [E in StageEventName]: StageEventParams<E> } & { lost: GatewayError };

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

/** Never rejects because the stage is away: `health()` tells, and it is tried again by itself. */
export async function connectStage(options: StageClientOptions): Promise<StageClient> {
  const client = new ReconnectingClient(options);
  await client.start();
  return client;
}

class ReconnectingClient implements StageClient {
  readonly #options: StageClientOptions;
  readonly #log: Logger;
  readonly #events: TypedEmitter<EventMap>;
  readonly #pending: PendingRequests;
  readonly #stopping = new AbortController();
  #socket: StageSocket | undefined;
  #health: EngineHealth = { ok: false, detail: 'not connected yet' };

  constructor(options: StageClientOptions) {
    this.#options = options;
    this.#log = options.log.child({ engine: 'stage' });
    this.#pending = new PendingRequests(options.requestTimeoutMs);
    this.#events = new TypedEmitter((event, err) =>
      this.#log.error({ err, event }, 'listener failed'),
    );
  }

  async start(): Promise<void> {
    await this.#connect();
    if (!this.#socket) void this.#reconnect();
  }

  async request<M extends StageMethod>(
    method: M,
    params: StageParams<M>,
    signal?: AbortSignal,
  ): Promise<StageResult<M>> {
    signal?.throwIfAborted();
    const socket = this.#socket;
    if (!socket) throw stageDown();
    const { id, reply } = this.#pending.open();
    socket.send({ id, method, params });
    const result = StageRequests[method].result.safeParse(
      await (signal ? abortable(reply, signal) : reply),
    );
    if (result.success) return result.data as StageResult<M>;
    throw new GatewayError('internal', `stage: result of ${method} not understood`);
  }

  on<E extends StageEventName>(name: E, listener: (event: StageEventParams<E>) => void) {
    return this.#events.on(name, listener as (event: EventMap[E]) => void);
  }

  health(): EngineHealth {
    return this.#health;
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    return this.#events.on('lost', listener);
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('closed'));
    this.#socket?.close();
  }

  #onFrame(raw: unknown): void {
    const parsed = StageReplyFrame.safeParse(raw);
    if (!parsed.success) return this.#log.warn('stage sent what is not its contract');
    const frame = parsed.data;
    if ('event' in frame) this.#onEvent(frame.event, frame.params);
    else if ('error' in frame) this.#pending.reject(frame.id, frame.error);
    else this.#pending.resolve(frame.id, frame.result);
  }

  #onEvent(name: StageEventName, params: unknown): void {
    const parsed = StageEvents[name].safeParse(params);
    if (parsed.success) this.#events.emit(name, parsed.data as EventMap[typeof name]);
    else this.#log.warn({ event: name }, 'stage sent what is not its contract');
  }

  async #connect(): Promise<void> {
    const { url, secret, requestTimeoutMs } = this.#options;
    try {
      this.#socket = await openStageSocket(
        {
          url,
          secret,
          timeoutMs: requestTimeoutMs,
          onFrame: frame => this.#onFrame(frame),
          onClosed: () => this.#onClosed(),
        },
        this.#stopping.signal,
      );
      this.#health = { ok: true };
      this.#log.info('stage connected');
    } catch (err) {
      if (this.#health.detail !== 'not reachable') this.#log.warn({ err }, 'stage not reachable');
      this.#health = { ok: false, detail: 'not reachable' };
    }
  }

  /** Tries until it stands or is closed, ever less often. */
  async #reconnect(): Promise<void> {
    const { signal } = this.#stopping;
    for (
      let delayMs = FIRST_RETRY_MS;
      !this.#socket;
      delayMs = Math.min(delayMs * 2, MAX_RETRY_MS)
    ) {
      try {
        await sleep(delayMs, signal);
      } catch {
        return; // closed
      }
      await this.#connect();
    }
  }

  #onClosed(): void {
    this.#socket = undefined;
    this.#health = { ok: false, detail: 'connection lost' };
    this.#pending.rejectAll();
    if (this.#stopping.signal.aborted) return;
    this.#log.error('stage lost');
    this.#events.emit('lost', stageDown());
    void this.#reconnect();
  }
}
