/** Who is sent what: from the facts of a scene to cameras passed on and canvases. */
import { UNMARKED } from '../compose/protocol.ts';
import { arrange } from '../layout/arrangement.ts';
import { type Group, groupFor } from '../layout/groups.ts';
import { usualPixelAspect } from '../layout/rectangles.ts';
import type { Arrangement, SceneFacts, View } from '../layout/types.ts';
import { viewKey } from '../layout/types.ts';
import { viewFor } from '../layout/view.ts';
import type { Allowance } from './allowance.ts';
import type { CanvasWish } from './canvases.ts';
import type { ComposedFeed } from './composed-feed.ts';
import type { Endpoint } from './endpoint.ts';
import { paintingOf, type SlateWords } from './paintings.ts';
import { canPass } from './passing.ts';
import type { CanvasGroup } from './shared-canvas.ts';
import type { Source } from './source.ts';

/** What an endpoint is to be shown. */
export type Direction =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'slate' }
  | { readonly kind: 'camera'; readonly source: Source }
  | { readonly kind: 'canvas'; readonly wish: CanvasWish };

export interface Stagecraft {
  readonly facts: SceneFacts;
  readonly slate: SlateWords;
  readonly allowance: Allowance;
  readonly sourceOf: (id: string) => Source | undefined;
}

/** Of the composed feed: as much as a browser without H.264 gets of one camera. */
const COMPOSED_GROUP: CanvasGroup = {
  codec: 'vp8',
  width: 1280,
  height: 720,
  fps: 25,
  bitrateBps: 1_200_000,
  packetizationMode: 1,
  pixelAspect: { num: 1, den: 1 },
};
/** The same where so large a picture is not allowed. */
const SMALL_COMPOSED_GROUP: CanvasGroup = {
  ...COMPOSED_GROUP,
  width: 768,
  height: 432,
  bitrateBps: 600_000,
};
const COMPOSED_RECEIVER = 'composed feed';

/** H.264 for browsers of a camera that they cannot decode: at most as large as such cameras are. */
const FEED_RATE = { fps: 25, bitrateBps: 512_000, level: '3.1' };
/** The same where no browser is there: just so much that nobody on the way takes the feed for dead. */
const UNSEEN_FEED_RATE = { fps: 1, bitrateBps: 64_000, level: '3.1' };

/** Directs one scene; remembers what it needs for tiles to stay where they are. */
export class Director {
  #arrangement: Arrangement | undefined;

  /** To be called once before the receivers are asked for. */
  arrange(facts: SceneFacts, atMs: number): void {
    this.#arrangement = arrange(facts, atMs, this.#arrangement);
  }

  direct(endpoint: Endpoint, craft: Stagecraft): Direction {
    const { terms } = endpoint;
    if (!endpoint.receives || terms.codec === 'h261') return { kind: 'nothing' };
    const view = this.#viewOf(endpoint.id, craft.facts);
    const source = view.kind === 'full' ? craft.sourceOf(view.participantId) : undefined;
    const isWrittenOn = hasWords(craft.facts);
    const mayPass = craft.allowance.names !== 'always' && !isWrittenOn;
    if (source && mayPass && canPass(source, endpoint)) return { kind: 'camera', source };
    if (view.kind === 'slate' && terms.codec === 'h264' && !isWrittenOn) return { kind: 'slate' };
    const { maxBitrateBps } = endpoint.rate;
    const limits = { ...terms.limits, codec: terms.codec, maxBitrateBps };
    const group = groupFor(limits, craft.allowance.pictures);
    return { kind: 'canvas', wish: wishFor(endpoint.id, view, group, craft) };
  }

  /** What the composed feed shows: what everybody sees who is in no large place. */
  directComposed(feed: ComposedFeed, craft: Stagecraft): CanvasWish | undefined {
    if (!feed.feed.isConnected) return undefined;
    const view = this.#viewOf(COMPOSED_RECEIVER, craft.facts);
    const isLarge = craft.allowance.pictures.maxHeight >= COMPOSED_GROUP.height;
    return wishFor(feed.id, view, isLarge ? COMPOSED_GROUP : SMALL_COMPOSED_GROUP, craft);
  }

  #viewOf(receiverId: string, facts: SceneFacts): View {
    return this.#arrangement ? viewFor(receiverId, facts, this.#arrangement) : { kind: 'slate' };
  }
}

/** What is written over all pictures can only be composed. */
function hasWords({ message, floorLine }: SceneFacts): boolean {
  return message !== undefined || floorLine !== undefined;
}

interface FeedOfCamera {
  readonly feed: Pick<Endpoint['feed'], 'isConnected'>;
  readonly source: { readonly stream: Pick<Source['stream'], 'size'> };
}

/** A camera that browsers cannot decode, made into H.264 for them; undefined where none is needed yet. */
export function feedWish(
  { id, name, feed, source, terms }: Pick<Endpoint, 'id' | 'name' | 'terms'> & FeedOfCamera,
  { people }: Pick<SceneFacts, 'people'>,
): CanvasWish | undefined {
  const { size } = source.stream;
  if (terms.codec === 'h264' || !feed.isConnected || !size) return undefined;
  const { num, den } = usualPixelAspect(size);
  const group: Group = {
    codec: 'h264',
    // Browsers show square pixels: CIF becomes 384x288, without bars.
    width: even(Math.round((size.width * num) / den)),
    height: even(size.height),
    ...(hasBrowser(people) ? FEED_RATE : UNSEEN_FEED_RATE),
    packetizationMode: 1,
    pixelAspect: { num: 1, den: 1 },
  };
  const paintingIn = ({ width, height }: CanvasGroup) => {
    const rect = { x: 0, y: 0, width, height };
    return { tiles: [{ rect, sourceId: id, name, labelled: false, marks: UNMARKED }] };
  };
  return { receiverId: feedReceiver(id), key: `feed ${id}`, group, paintingIn, isOwn: true };
}

/** Whether anybody may be looking at feeds. */
export function hasBrowser(people: SceneFacts['people']): boolean {
  return people.some(({ kind }) => kind === 'browser');
}

/** What the feed of an endpoint is called among receivers. */
export function feedReceiver(endpointId: string): string {
  return `feed of ${endpointId}`;
}

function wishFor(
  receiverId: string,
  view: View,
  group: CanvasGroup,
  { slate, facts }: Stagecraft,
): CanvasWish {
  const { message, floorLine } = facts;
  const words = { ...(message !== undefined && { message }), ...(floorLine && { floorLine }) };
  return {
    receiverId,
    group,
    key: message === undefined ? viewKey(view) : `${viewKey(view)} says ${message}`,
    // One of all that see the same is asked: a fourth of what directing 24 receivers took.
    paintingIn: canvas => ({ ...paintingOf(view, canvas, slate), ...words }),
  };
}

function even(value: number): number {
  return Math.max(16, value - (value % 2));
}
