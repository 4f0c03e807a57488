import type { Logger } from 'pino';
import {
  FEED_PAYLOAD_TYPE,
  type StageErrorCode,
  type StageEventName,
  type StageEventParams,
  type StageMethod,
  type StageParams,
  StageRequests,
  type StageResult,
} from '../contract/stage.ts';
import { nowMs } from './clock.ts';
import { Meter } from './meter/meter.ts';
import { type PortPairs, PortsExhausted } from './rtp/port-pairs.ts';
import { Scene, UnknownParticipant } from './scene/scene.ts';

/** A request that cannot be obeyed; the code is the contract. */
export class StageError extends Error {
  override readonly name = 'StageError';
  readonly code: StageErrorCode;

  constructor(code: StageErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

type Emit = <E extends StageEventName>(event: E, params: StageEventParams<E>) => void;
type Handlers = {
  [M in StageMethod]: (params: StageParams<M>) => Promise<StageResult<M>> | StageResult<M>;
};

export interface ControllerDeps {
  /** Address in the replies. */
  readonly mediaHost: string;
  readonly ports: PortPairs;
  readonly emit: Emit;
  readonly log: Logger;
}

/** The scenes that one controlling connection opened, and what it asks of them. */
export class Controller {
  readonly #mediaHost: string;
  readonly #ports: PortPairs;
  readonly #emit: Emit;
  readonly #log: Logger;
  readonly #scenes = new Map<string, Scene>();
  /** By scene and participant. */
  readonly #meters = new Map<string, Meter>();

  constructor(deps: ControllerDeps) {
    this.#mediaHost = deps.mediaHost;
    this.#ports = deps.ports;
    this.#emit = deps.emit;
    this.#log = deps.log;
  }

  /** @throws StageError */
  async handle(method: StageMethod, params: unknown): Promise<unknown> {
    const parsed = StageRequests[method].params.safeParse(params);
    if (!parsed.success) throw new StageError('bad-request', parsed.error.message);
    try {
      const handler = this.#handlers[method] as (params: unknown) => unknown;
      return await handler(parsed.data);
    } catch (err) {
      if (err instanceof UnknownParticipant) throw new StageError('not-found', err.message);
      if (err instanceof PortsExhausted) throw new StageError('ports-exhausted', err.message);
      throw err;
    }
  }

  tick(atMs: number): void {
    for (const scene of this.#scenes.values()) scene.tick(atMs);
    for (const meter of this.#meters.values()) meter.tick(atMs);
  }

  report(atMs: number): void {
    for (const scene of this.#scenes.values()) scene.report(atMs);
  }

  /** Drops everything it opened. */
  close(): void {
    for (const scene of this.#scenes.values()) scene.close();
    this.#scenes.clear();
    for (const meter of this.#meters.values()) meter.close();
    this.#meters.clear();
  }

  readonly #handlers: Handlers = {
    'scene.open': ({ sceneId, title }) => {
      const known = this.#scenes.get(sceneId);
      if (known) known.retitle(title);
      else this.#scenes.set(sceneId, this.#newScene(sceneId, title));
      return {};
    },
    'scene.close': ({ sceneId }) => {
      this.#scenes.get(sceneId)?.close();
      this.#scenes.delete(sceneId);
      for (const key of this.#meters.keys())
        if (key.startsWith(`${sceneId}/`)) this.#closeMeter(key);
      return {};
    },
    'scene.speakers': ({ sceneId, participantIds }) => {
      this.#scene(sceneId).speakers(participantIds);
      return {};
    },
    'endpoint.add': async ({ sceneId, participantId, name: _, ...terms }) => {
      const { ports, cname } = await this.#scene(sceneId).addEndpoint(participantId, terms);
      const host = this.#mediaHost;
      return {
        endpoint: { host, ...ports.endpoint },
        feed: { host, ...ports.feed, payloadType: FEED_PAYLOAD_TYPE, cname },
      };
    },
    'endpoint.connect': ({ sceneId, participantId, endpoint, feed }) => {
      this.#scene(sceneId).endpoint(participantId).connect({ endpoint, feed });
      return {};
    },
    'endpoint.update': ({ sceneId, participantId, ...terms }) => {
      this.#scene(sceneId).endpoint(participantId).update(terms);
      return {};
    },
    'endpoint.refresh': ({ sceneId, participantId }) => {
      this.#scene(sceneId).endpoint(participantId).picture.refresh(nowMs());
      return {};
    },
    'browser.add': async params => {
      const { ports } = await this.#scene(params.sceneId).addBrowser(params);
      return { source: { host: this.#mediaHost, ...ports } };
    },
    'browser.connect': ({ sceneId, participantId, feedback }) => {
      this.#scene(sceneId).browser(participantId).connect(feedback);
      return {};
    },
    'meter.open': async ({ sceneId, participantId, codec }) => {
      this.#scene(sceneId);
      const tell = (talking: boolean) =>
        this.#emit('participant.talking', { sceneId, participantId, talking });
      const meter = await Meter.open(codec, tell, this.#ports);
      this.#closeMeter(meterKey(sceneId, participantId));
      this.#meters.set(meterKey(sceneId, participantId), meter);
      return { copy: { host: this.#mediaHost, ...meter.ports } };
    },
    'participant.remove': ({ sceneId, participantId }) => {
      this.#closeMeter(meterKey(sceneId, participantId));
      this.#scenes.get(sceneId)?.remove(participantId);
      return {};
    },
    'stage.status': () => {
      const atMs = nowMs();
      const scenes = [...this.#scenes].map(([sceneId, scene]) => ({
        sceneId,
        title: scene.title,
        participants: scene.status(atMs),
      }));
      const residentBytes = process.memoryUsage.rss();
      return { scenes, openSockets: this.#ports.openSockets, residentBytes };
    },
  };

  #closeMeter(key: string): void {
    this.#meters.get(key)?.close();
    this.#meters.delete(key);
  }

  #newScene(sceneId: string, title: string): Scene {
    const events = {
      onKeyframeNeeded: (participantId: string) =>
        this.#emit('endpoint.keyframe-needed', { sceneId, participantId }),
      onShowing: (participantId: string, shownParticipantId: string | null) =>
        this.#emit('endpoint.showing', { sceneId, participantId, shownParticipantId }),
    };
    return new Scene(title, this.#ports, events, this.#log.child({ sceneId }));
  }

  #scene(sceneId: string): Scene {
    const scene = this.#scenes.get(sceneId);
    if (!scene) throw new StageError('not-found', `no scene ${sceneId}`);
    return scene;
  }
}

function meterKey(sceneId: string, participantId: string): string {
  return `${sceneId}/${participantId}`;
}
