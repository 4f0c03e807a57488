import type { EngineHealth, StageMember, StagePort } from '../../src/calls/ports.ts';
import {
  COMPOSED_PAYLOAD_TYPE,
  FEED_PAYLOAD_TYPE,
  type StageEventName,
  type StageEventParams,
  type StageMethod,
  type StageOrder,
  type StageParams,
  StageRequests,
  type StageResult,
} from '../../src/contract/stage.ts';
import { GatewayError } from '../../src/domain/errors.ts';

interface FakeScene {
  title: string;
  speakers: readonly string[];
  people: StageParams<'scene.people'>['people'];
  message?: string | undefined;
  floor?: StageOrder<'scene.floor'> | undefined;
  layout: StageParams<'scene.layout'> | undefined;
  readonly participants: Map<string, 'endpoint' | 'browser' | 'composed'>;
}

/** Start and end of a JPEG, which is all that is looked at. */
export const JPEG = Buffer.from('ffd8ffd9', 'hex');

type Listener = (event: never) => void;

/** What is not done while it is away; the rest is taken note of. */
const KINDS_THAT_WAIT: readonly StageMethod[] = [
  'endpoint.add',
  'browser.add',
  'composed.add',
  'meter.open',
  'announcer.open',
  'announcer.play',
  'endpoint.refresh',
  'snapshot.take',
  'stage.status',
];

/** A stage that keeps the contract's promises and shows what it holds. */
export class FakeStage implements StagePort {
  readonly scenes = new Map<string, FakeScene>();
  /** Participants whose sound is metered. */
  readonly meters = new Set<string>();
  /** Endpoints that are spoken to, with the length of the clip each hears, in bytes. */
  readonly announcers = new Map<string, number>();
  /** Participants of whom a snapshot can be taken. */
  readonly pictures = new Set<string>();
  /** Requests that are answered with an error, as by a stage that cannot do them. */
  readonly refused = new Set<StageMethod>();
  load: StageResult<'stage.status'>['load'] = { budgetUsed: 0, level: 0 };
  /** Set to make the next request of that name fail. */
  readonly failNext = new Map<StageMethod, Error>();
  /** Every request taken, oldest first. */
  readonly requests: { method: StageMethod; params: unknown }[] = [];
  readonly #listeners = new Map<StageEventName, Set<Listener>>();
  readonly #lostListeners = new Set<(error: GatewayError) => void>();
  readonly #restoredListeners = new Set<() => void>();
  readonly #notRestoredListeners = new Set<(member: StageMember) => void>();
  #up = true;
  #nextPort = 40_000;

  async request<M extends StageMethod>(
    method: M,
    params: StageParams<M>,
    signal?: AbortSignal,
  ): Promise<StageResult<M>> {
    const waits = KINDS_THAT_WAIT.includes(method);
    if (!this.#up && waits) throw new GatewayError('stage-down', 'stage is not connected');
    signal?.throwIfAborted();
    const checked = StageRequests[method].params.parse(params);
    this.requests.push({ method, params: checked });
    if (this.refused.has(method)) throw new GatewayError('internal', 'stage: not there yet');
    const failure = this.failNext.get(method);
    this.failNext.delete(method);
    if (failure) throw failure;
    return StageRequests[method].result.parse(this.#obey(method, checked)) as StageResult<M>;
  }

  on<E extends StageEventName>(name: E, listener: (event: StageEventParams<E>) => void) {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener as Listener);
    return () => set.delete(listener as Listener);
  }

  emit<E extends StageEventName>(name: E, event: StageEventParams<E>): void {
    for (const listener of this.#listeners.get(name) ?? [])
      (listener as (event: StageEventParams<E>) => void)(event);
  }

  health(): EngineHealth {
    return { ok: this.#up };
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  onRestored(listener: () => void): () => void {
    this.#restoredListeners.add(listener);
    return () => this.#restoredListeners.delete(listener);
  }

  onNotRestored(listener: (member: StageMember) => void): () => void {
    this.#notRestoredListeners.add(listener);
    return () => this.#notRestoredListeners.delete(listener);
  }

  /** Is away; what was asked of it stands. */
  crash(): void {
    this.#up = false;
    for (const listener of this.#lostListeners)
      listener(new GatewayError('stage-down', 'stage lost'));
  }

  /** Is back, with everything but those whose ports are taken. */
  comeBack(without: readonly StageMember[] = []): void {
    this.#up = true;
    for (const member of without) {
      this.#obey('participant.remove', member);
      for (const listener of this.#notRestoredListeners) listener(member);
    }
    for (const listener of this.#restoredListeners) listener();
  }

  #obey(method: StageMethod, params: unknown): unknown {
    const { sceneId, participantId } = params as { sceneId: string; participantId: string };
    const scene = this.scenes.get(sceneId);
    switch (method) {
      case 'scene.open':
        this.scenes.set(sceneId, {
          title: (params as StageParams<'scene.open'>).title,
          speakers: scene?.speakers ?? [],
          people: scene?.people ?? [],
          message: scene?.message,
          floor: scene?.floor,
          layout: scene?.layout,
          participants: scene?.participants ?? new Map(),
        });
        return {};
      case 'scene.close':
        this.scenes.delete(sceneId);
        return {};
      case 'scene.speakers':
        this.#known(scene).speakers = (params as StageParams<'scene.speakers'>).participantIds;
        return {};
      case 'scene.message':
        this.#known(scene).message = (params as StageParams<'scene.message'>).text;
        return {};
      case 'scene.floor':
        this.#known(scene).floor = params as StageOrder<'scene.floor'>;
        return {};
      case 'scene.people':
        this.#known(scene).people = (params as StageParams<'scene.people'>).people;
        return {};
      case 'scene.layout':
        this.#known(scene).layout = params as StageParams<'scene.layout'>;
        return {};
      case 'snapshot.take': {
        if (!this.#known(scene).participants.has(participantId))
          throw new GatewayError('invalid-state', 'stage: no such participant');
        if (!this.pictures.has(participantId))
          throw new GatewayError('no-picture', 'stage: nothing to take a snapshot of');
        const width = (params as StageOrder<'snapshot.take'>).maxWidth;
        return { jpegBase64: JPEG.toString('base64'), width, height: width, takenAtMs: 1_000 };
      }
      case 'endpoint.add':
        this.#known(scene).participants.set(participantId, 'endpoint');
        return {
          endpoint: this.#ports(),
          feed: { ...this.#ports(), ssrc: 1234, payloadType: FEED_PAYLOAD_TYPE, cname: 'fake' },
        };
      case 'browser.add':
        this.#known(scene).participants.set(participantId, 'browser');
        return { source: this.#ports() };
      case 'composed.add':
        this.#known(scene).participants.set(participantId, 'composed');
        return {
          feed: { ...this.#ports(), ssrc: 4321, payloadType: COMPOSED_PAYLOAD_TYPE, cname: 'all' },
        };
      case 'meter.open':
        this.#known(scene);
        this.meters.add(participantId);
        return { copy: this.#ports() };
      case 'announcer.open':
        this.#known(scene);
        this.announcers.set(participantId, 0);
        return { sound: this.#ports() };
      case 'announcer.connect':
      case 'announcer.play': {
        if (!this.announcers.has(participantId))
          throw new GatewayError('invalid-state', 'stage: no such announcer');
        const { clipBase64 = '' } = params as Partial<StageParams<'announcer.play'>>;
        this.announcers.set(participantId, Buffer.from(clipBase64, 'base64').length);
        return {};
      }
      case 'participant.remove':
        this.announcers.delete(participantId);
        scene?.participants.delete(participantId);
        this.meters.delete(participantId);
        return {};
      case 'stage.status':
        return {
          ...{ scenes: [], canvases: [], decoders: this.pictures.size },
          ...{ load: this.load, openSockets: 0, residentBytes: 0 },
        };
      default:
        if (!this.#known(scene).participants.has(participantId))
          throw new GatewayError('invalid-state', 'stage: no such participant');
        return {};
    }
  }

  #known(scene: FakeScene | undefined): FakeScene {
    if (!scene) throw new GatewayError('invalid-state', 'stage: no such scene');
    return scene;
  }

  #ports() {
    this.#nextPort += 2;
    return { host: '127.0.0.1', rtpPort: this.#nextPort, rtcpPort: this.#nextPort + 1 };
  }
}
