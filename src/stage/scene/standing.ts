import type { SceneFacts } from '../layout/types.ts';
import type { Allowance } from './allowance.ts';
import type { Endpoint } from './endpoint.ts';
import type { SlateWords } from './paintings.ts';

/** What counts of an endpoint. */
type Receiver = Pick<Endpoint, 'id' | 'receives' | 'terms' | 'rate' | 'picture'> & {
  readonly source: Pick<Endpoint['source'], 'codec'> & {
    readonly stream: Pick<Endpoint['source']['stream'], 'size'>;
  };
  readonly feed: Pick<Endpoint['feed'], 'isConnected'>;
};

/** All that decides who is shown what, but for the bit rates of cameras and the time. */
export interface Matters {
  readonly facts: SceneFacts;
  readonly endpoints: readonly Receiver[];
  readonly composedFeeds: readonly {
    readonly id: string;
    readonly feed: Pick<Endpoint['feed'], 'isConnected'>;
  }[];
  readonly allowance: Allowance;
  readonly slate: SlateWords;
  /** Something goes on only until what comes after it has begun. */
  readonly isChanging: boolean;
}

/** Bit rates are measured as often; the turns of a lecture (10 s) need no finer clock. */
const LOOK_ANYWAY_MS = 1_000;

/**
 * Whether anything has changed since it was last found out who is shown what: for 150 sites that
 * takes 6 ms, ten times a second, and mostly nothing has.
 */
export class Standing {
  #before: readonly unknown[] = [];
  #foundMs = Number.NEGATIVE_INFINITY;

  /** True also when somebody waits for a picture, or a second has passed. Remembers what it was told. */
  isNew(matters: Matters, atMs: number): boolean {
    const now = markersOf(matters);
    const before = this.#before;
    const isSame = now.length === before.length && now.every((marker, at) => marker === before[at]);
    const isSettled = !matters.isChanging && matters.endpoints.every(hasPicture);
    if (isSame && isSettled && atMs - this.#foundMs < LOOK_ANYWAY_MS) return false;
    this.#before = now;
    this.#foundMs = atMs;
    return true;
  }
}

function hasPicture({ receives, terms, picture }: Receiver): boolean {
  return !receives || terms.codec === 'h261' || picture.isSettled;
}

/** Equal one by one for equal matters; objects stand for themselves where they are never changed. */
function markersOf({ facts, endpoints, composedFeeds, allowance, slate }: Matters): unknown[] {
  const { people, pictures, speakerIds, poorIds, layout, hqId, pinnedId, gridSize } = facts;
  const { message, floorLine } = facts;
  const { names, pictures: allowed, mayOpenCanvas } = allowance;
  const markers: unknown[] = [
    ...[layout, hqId, pinnedId, gridSize, slate.title, slate.lines],
    ...[names, allowed.maxHeight, allowed.maxFps, mayOpenCanvas],
    ...[message, floorLine?.text, floorLine?.time?.label, floorLine?.time?.clock],
    ...['speakers', ...speakerIds, 'poor', ...poorIds, 'people'],
  ];
  for (const one of people)
    markers.push(one.id, one.name, one.kind, one.muted, one.handRaised, one.layout);
  for (const [id, { isLive, content, name }] of pictures) markers.push(id, isLive, content, name);
  for (const { id, receives, terms, rate, source, feed } of endpoints) {
    markers.push(id, receives, terms, rate.maxBitrateBps, rate.reason);
    markers.push(source.codec, source.stream.size?.width, source.stream.size?.height);
    markers.push(feed.isConnected);
  }
  for (const { id, feed } of composedFeeds) markers.push(id, feed.isConnected);
  return markers;
}
