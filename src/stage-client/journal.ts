import type { StageEventParams, StageMethod, StageParams, StageResult } from '../contract/stage.ts';
import { advanced, type Position } from './advance.ts';

/**
 * What a request leaves behind on the stage:
 *
 * - `opening`: ports, given in its result; they are asked for again
 * - `change`: nothing but what it says; the last one counts
 * - `removal`: less than before
 * - `passing`: nothing
 */
type Kind = 'opening' | 'change' | 'removal' | 'passing';

export const KINDS = {
  'scene.open': 'change',
  'scene.people': 'change',
  'scene.layout': 'change',
  'scene.speakers': 'change',
  'scene.message': 'change',
  'scene.floor': 'change',
  'scene.close': 'removal',
  'endpoint.add': 'opening',
  'endpoint.connect': 'change',
  'endpoint.update': 'change',
  'endpoint.refresh': 'passing',
  'browser.add': 'opening',
  'browser.connect': 'change',
  'composed.add': 'opening',
  'composed.connect': 'change',
  'meter.open': 'opening',
  'announcer.open': 'opening',
  'announcer.connect': 'change',
  'announcer.play': 'passing',
  'participant.remove': 'removal',
  'snapshot.take': 'passing',
  'stage.status': 'passing',
} as const satisfies Record<StageMethod, Kind>;

type MethodOf<K extends Kind> = {
  [M in StageMethod]: (typeof KINDS)[M] extends K ? M : never;
}[StageMethod];
type OpeningMethod = MethodOf<'opening'>;
type ChangeMethod = MethodOf<'change'>;

/** Changes that may leave out what stays as it is. */
const PARTIAL: readonly StageMethod[] = ['scene.open', 'endpoint.connect'];

/** What a change of a participant belongs to. */
const OPENING_OF: Partial<Record<ChangeMethod, OpeningMethod>> = {
  'endpoint.connect': 'endpoint.add',
  'endpoint.update': 'endpoint.add',
  'browser.connect': 'browser.add',
  'composed.connect': 'composed.add',
  'announcer.connect': 'announcer.open',
};

/** What an opening of the same participant replaces besides itself. */
const REPLACED: Record<OpeningMethod, readonly StageMethod[]> = {
  'endpoint.add': ['endpoint.connect', 'endpoint.update', 'browser.add', 'browser.connect'],
  'browser.add': ['browser.connect', 'endpoint.add', 'endpoint.connect', 'endpoint.update'],
  'composed.add': ['composed.connect'],
  'meter.open': ['announcer.open', 'announcer.connect'],
  'announcer.open': ['announcer.connect', 'meter.open'],
};

/** Of whom a request is. */
export interface Addressed {
  readonly sceneId: string;
  readonly participantId?: string;
}

/** When a request was made: of two, the one with the higher number counts, whenever it is noted. */
export interface Asked {
  readonly number: number;
  readonly atMs: number;
}

type Opening = {
  [M in OpeningMethod]: {
    readonly method: M;
    readonly params: StageParams<M>;
    readonly result: StageResult<M>;
    readonly asked: Asked;
  };
}[OpeningMethod];
interface Change {
  readonly method: ChangeMethod;
  readonly params: Addressed;
  readonly asked: Asked;
}
type Entry = Opening | Change;

type Positions = StageEventParams<'scene.positions'>;

/** Where the streams of a participant were, and when. */
interface Told {
  readonly feed: Position;
  readonly endpoint?: Position;
  readonly atMs: number;
}

/** One request that brings back a part of what was lost. */
export interface Replay {
  readonly method: StageMethod;
  readonly params: Addressed;
}

/**
 * What stands on the stage, learnt from every request that it obeyed, in the
 * order it was asked for; a stage that was started anew is brought back to it.
 */
export class Journal {
  /** By scene, then by method and participant. */
  readonly #scenes = new Map<string, Map<string, Entry>>();
  /** By scene and participant. */
  readonly #positions = new Map<string, Map<string, Told>>();
  readonly #nowMs: () => number;
  #lastAsked = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A request is made now. */
  asked(): Asked {
    this.#lastAsked += 1;
    return { number: this.#lastAsked, atMs: this.#nowMs() };
  }

  /** Takes note of what the stage obeyed, or will; false when it belongs to nothing that is known. */
  obeyed<M extends StageMethod>(
    method: M,
    params: StageParams<M>,
    result: StageResult<M>,
    asked: Asked = this.asked(),
  ): boolean {
    const of = params as Addressed;
    switch (KINDS[method] as Kind) {
      case 'opening':
        return this.#opened({ method, params, result, asked } as unknown as Opening);
      case 'change':
        return this.#changed(method as ChangeMethod, of, asked);
      case 'removal':
        this.removed(of);
        return true;
      case 'passing':
        return true;
    }
  }

  /** Whether a later change takes the place of this one: it is not to be asked for any more. */
  isOutdated(method: StageMethod, { sceneId, participantId }: Addressed, asked: Asked): boolean {
    if (KINDS[method] !== 'change' || PARTIAL.includes(method)) return false;
    const opening = OPENING_OF[method as ChangeMethod];
    const scene = this.#scenes.get(sceneId);
    return [method, opening].some(each => {
      const noted = each && scene?.get(keyOf(each, participantId));
      return noted !== undefined && noted.asked.number > asked.number;
    });
  }

  removed({ sceneId, participantId }: Addressed): void {
    if (participantId === undefined) {
      this.#scenes.delete(sceneId);
      this.#positions.delete(sceneId);
      return;
    }
    this.#positions.get(sceneId)?.delete(participantId);
    const scene = this.#scenes.get(sceneId);
    for (const [key, { params }] of scene ?? [])
      if ((params as Addressed).participantId === participantId) scene?.delete(key);
  }

  /** The stage told where streams are; of those it does not name, the last time counts. */
  tellsPositions({ sceneId, endpoints, composed = [] }: Positions): void {
    if (!this.#scenes.has(sceneId)) return;
    const told = this.#positions.get(sceneId) ?? new Map<string, Told>();
    this.#positions.set(sceneId, told);
    for (const { participantId, ...streams } of [...endpoints, ...composed])
      told.set(participantId, { ...streams, atMs: this.#nowMs() });
  }

  /** What brings all of it back, made one by one: what is removed meanwhile is not asked for. */
  *replay(): Generator<Replay> {
    for (const [sceneId, entries] of this.#scenes)
      for (const entry of entries.values()) yield this.#replayOf(sceneId, entry);
  }

  #replayOf(sceneId: string, entry: Entry): Replay {
    const nowMs = this.#nowMs();
    const { method } = entry;
    if (!('result' in entry)) return { method, params: aged(entry, nowMs) };
    const resume = this.#resumeOf(sceneId, entry, nowMs);
    return { method, params: { ...entry.params, ...(resume && { resume }) } as Addressed };
  }

  #opened(entry: Opening): boolean {
    const { sceneId, participantId } = entry.params;
    const scene = this.#scenes.get(sceneId);
    for (const replaced of REPLACED[entry.method]) scene?.delete(keyOf(replaced, participantId));
    scene?.set(keyOf(entry.method, participantId), entry);
    return scene !== undefined;
  }

  #changed(method: ChangeMethod, params: Addressed, asked: Asked): boolean {
    const { sceneId, participantId } = params;
    if (method === 'scene.open' && !this.#scenes.has(sceneId)) this.#scenes.set(sceneId, new Map());
    const scene = this.#scenes.get(sceneId);
    const opening = OPENING_OF[method];
    if (!scene || (opening && !scene.has(keyOf(opening, participantId)))) return false;
    if (this.isOutdated(method, params, asked)) return true;
    const key = keyOf(method, participantId);
    const before = PARTIAL.includes(method) ? scene.get(key)?.params : {};
    scene.set(key, { method, params: { ...before, ...withoutUndefined(params) }, asked });
    return true;
  }

  /** The ports it had and, of a stream that goes out, the numbers from which it may go on. */
  #resumeOf(sceneId: string, { method, params, result }: Opening, nowMs: number) {
    switch (method) {
      case 'browser.add':
        return { rtpPort: result.source.rtpPort };
      case 'meter.open':
        return { rtpPort: result.copy.rtpPort };
      case 'announcer.open':
        return { rtpPort: result.sound.rtpPort };
      case 'composed.add':
      case 'endpoint.add': {
        const told = this.#positions.get(sceneId)?.get(params.participantId);
        return told && { ...portsOf(result), ...later(told, nowMs) };
      }
    }
  }
}

/** As it is to be said now: time to speak goes on while the stage is away. */
function aged({ method, params, asked }: Change, nowMs: number): Addressed {
  if (method !== 'scene.floor') return params;
  const { floor } = params as StageParams<'scene.floor'>;
  if (floor?.remainingMs === undefined) return params;
  const remainingMs = floor.remainingMs - (nowMs - asked.atMs);
  return { ...params, floor: { ...floor, remainingMs } } as Addressed;
}

type WithFeed = StageResult<'endpoint.add'> | StageResult<'composed.add'>;

function portsOf(result: WithFeed) {
  const ports = { feedRtpPort: result.feed.rtpPort };
  return 'endpoint' in result ? { ...ports, endpointRtpPort: result.endpoint.rtpPort } : ports;
}

function later({ atMs, feed, endpoint }: Told, nowMs: number) {
  const elapsedMs = nowMs - atMs;
  return {
    feed: advanced(feed, elapsedMs),
    ...(endpoint && { endpoint: advanced(endpoint, elapsedMs) }),
  };
}

function keyOf(method: StageMethod, participantId: string | undefined): string {
  return `${method} ${participantId ?? ''}`;
}

function withoutUndefined<T extends object>(params: T): T {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as T;
}
