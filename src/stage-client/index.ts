/**
 * The gateway's end of the stage's WebSocket: typed requests, events, and a
 * connection that comes back by itself. It keeps in its journal what stands on
 * the stage, and brings a stage that was started anew back to it, same ports and
 * numbers that go on, before anybody is told. Start reading at `StageClient.request`.
 */
import type { Logger } from 'pino';
import type { EngineHealth, StageMember, StagePort } from '../calls/ports.ts';
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
import { abortable, asError, sleep, withTimeout } from '../util/abort.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import { type Addressed, type Asked, Journal, KINDS } from './journal.ts';
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

type EventMap = { [E in StageEventName]: StageEventParams<E> } & {
  lost: GatewayError;
  restored: undefined;
  'not-restored': StageMember;
};

/** A stage that died is back within seconds, and every call waits for it. */
const HASTY_RETRY_MS = 75;
const HASTY_RETRIES = 100;
const MAX_RETRY_MS = 5_000;
/** Longer than this nobody waits for it any more: what is to be opened is refused at once. */
const PATIENCE_MS = 20_000;

/** Since it was lost, until all is as it was. */
interface Outage {
  readonly sinceMs: number;
  readonly over: PromiseWithResolvers<void>;
}

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
  readonly #journal = new Journal(() => performance.now());
  #socket: StageSocket | undefined;
  /** The socket once everything stands again behind it. */
  #serving: StageSocket | undefined;
  #outage: Outage | undefined;
  #isReconnecting = false;
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
    const asked = this.#journal.asked();
    const nothing = {} as StageResult<M>; // of changes and removals
    // Whether or not it is answered: nobody comes back who was to go.
    if (KINDS[method] === 'removal') this.#noteAhead(method, params, asked);
    for (;;) {
      signal?.throwIfAborted();
      const socket = this.#serving;
      if (socket) {
        const result = await this.#unlessLost(socket, this.#ask(socket, method, params, signal));
        if (result !== undefined) return this.#noted(method, params, result, asked);
      }
      if (!this.#serving) {
        const isNoted = this.#noteAhead(method, params, asked);
        if (isNoted && !this.#socket) return nothing;
        await this.#untilServing(method, signal);
      }
      if (this.#journal.isOutdated(method, params as Addressed, asked)) return nothing;
    }
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

  onRestored(listener: () => void): () => void {
    return this.#events.on('restored', listener);
  }

  onNotRestored(listener: (member: StageMember) => void): () => void {
    return this.#events.on('not-restored', listener);
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('closed'));
    this.#socket?.close();
  }

  async #ask<M extends StageMethod>(
    socket: StageSocket,
    method: M,
    params: StageParams<M>,
    signal?: AbortSignal,
  ): Promise<StageResult<M>> {
    const { id, reply } = this.#pending.open();
    socket.send({ id, method, params });
    const result = StageRequests[method].result.safeParse(
      await (signal ? abortable(reply, signal) : reply),
    );
    if (result.success) return result.data as StageResult<M>;
    throw new GatewayError('internal', `stage: result of ${method} not understood`);
  }

  /** Undefined when the stage was lost before it answered. */
  async #unlessLost<T>(socket: StageSocket, asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (err) {
      if (socket === this.#serving) throw err;
      return undefined;
    }
  }

  #noted<M extends StageMethod>(
    method: M,
    params: StageParams<M>,
    result: StageResult<M>,
    asked: Asked,
  ): StageResult<M> {
    this.#journal.obeyed(method, params, result, asked);
    return result;
  }

  /** What needs no answer of the stage is done when it is noted: it comes with the rest. */
  #noteAhead<M extends StageMethod>(method: M, params: StageParams<M>, asked: Asked): boolean {
    const kind = KINDS[method];
    if (kind !== 'change' && kind !== 'removal') return false;
    return this.#journal.obeyed(method, params, {} as StageResult<M>, asked);
  }

  /** @throws GatewayError `stage-down` when it is not worth waiting, or not any more */
  async #untilServing(method: StageMethod, signal: AbortSignal | undefined): Promise<void> {
    const outage = this.#outage;
    const isLong = outage && performance.now() - outage.sinceMs > PATIENCE_MS;
    if (!outage || isLong || KINDS[method] === 'passing') throw stageDown();
    const patience = withTimeout(this.#options.requestTimeoutMs, this.#stopping.signal);
    await abortable(abortable(outage.over.promise, signal ?? patience), patience).catch(() => {
      signal?.throwIfAborted();
      throw stageDown();
    });
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
    if (parsed.success) this.#tell(name, parsed.data as EventMap[typeof name]);
    else this.#log.warn({ event: name }, 'stage sent what is not its contract');
  }

  #tell<E extends StageEventName>(name: E, event: EventMap[E]): void {
    if (name === 'scene.positions')
      this.#journal.tellsPositions(event as EventMap['scene.positions']);
    this.#events.emit(name, event);
  }

  async #connect(): Promise<void> {
    const { url, secret, requestTimeoutMs } = this.#options;
    try {
      const socket = await openStageSocket(
        {
          url,
          secret,
          timeoutMs: requestTimeoutMs,
          onFrame: frame => this.#onFrame(frame),
          onClosed: () => this.#onClosed(),
        },
        this.#stopping.signal,
      );
      this.#socket = socket;
      await this.#restore(socket);
    } catch (err) {
      if (this.#health.detail !== 'not reachable') this.#log.warn({ err }, 'stage not reachable');
      this.#health = { ok: false, detail: 'not reachable' };
    }
  }

  /** Brings back what stood, then serves. */
  async #restore(socket: StageSocket): Promise<void> {
    const outage = this.#outage;
    const missing: StageMember[] = [];
    let requests = 0;
    for (const { method, params } of this.#journal.replay()) {
      if (socket !== this.#socket) return; // lost again, and tried again by whoever noticed
      requests += 1;
      await this.#ask(socket, method, params as StageParams<typeof method>).catch(err => {
        if (socket === this.#socket) this.#notRestored(method, params, asError(err), missing);
      });
    }
    if (socket !== this.#socket) return;
    this.#serving = socket;
    this.#health = { ok: true };
    const awayMs = outage && Math.round(performance.now() - outage.sinceMs);
    this.#log.info({ awayMs, requests }, 'stage connected');
    this.#outage = undefined;
    outage?.over.resolve();
    for (const member of missing) this.#events.emit('not-restored', member);
    if (outage) this.#events.emit('restored', undefined);
  }

  /** Without its ports it is of no use: the rest of it is not asked for, and whose it is opens it anew. */
  #notRestored(method: StageMethod, params: Addressed, err: Error, missing: StageMember[]): void {
    this.#log.error({ err, method, ...params }, 'not restored on the stage');
    const { sceneId, participantId } = params;
    if (KINDS[method] !== 'opening' || participantId === undefined) return;
    this.#journal.removed(params);
    missing.push({ sceneId, participantId });
  }

  /** Tries until it stands or is closed: hastily at first, then ever less often. */
  async #reconnect(): Promise<void> {
    if (this.#isReconnecting) return;
    this.#isReconnecting = true;
    try {
      await this.#untilConnected();
    } finally {
      this.#isReconnecting = false;
    }
  }

  async #untilConnected(): Promise<void> {
    const { signal } = this.#stopping;
    let delayMs = HASTY_RETRY_MS;
    for (let tries = 0; !this.#socket; tries += 1) {
      if (tries > HASTY_RETRIES) delayMs = Math.min(delayMs * 2, MAX_RETRY_MS);
      try {
        await sleep(delayMs, signal);
      } catch {
        return; // closed
      }
      await this.#connect();
    }
  }

  #onClosed(): void {
    const wasServing = this.#serving !== undefined;
    this.#socket = undefined;
    this.#serving = undefined;
    this.#health = { ok: false, detail: 'connection lost' };
    this.#pending.rejectAll();
    if (this.#stopping.signal.aborted) return;
    this.#outage ??= beginOutage();
    if (wasServing) {
      this.#log.error('stage lost');
      this.#events.emit('lost', stageDown());
    }
    void this.#reconnect();
  }
}

function beginOutage(): Outage {
  const over = Promise.withResolvers<void>();
  return { sinceMs: performance.now(), over };
}
