import type { Logger } from 'pino';
import { nowMs } from '../clock.ts';
import type { Composer, ComposerEvents } from '../compose/composer.ts';
import type { DecodedFacts, Jpeg } from '../compose/protocol.ts';
import type { SceneFacts } from '../layout/types.ts';
import type { Allowance } from './allowance.ts';
import { Canvases, type CanvasWish } from './canvases.ts';
import type { ComposedFeed } from './composed-feed.ts';
import { Decoding } from './decoding.ts';
import { Director, feedReceiver, feedWish, hasBrowser, type Stagecraft } from './director.ts';
import type { Endpoint } from './endpoint.ts';
import { understands } from './passing.ts';
import type { SharedCanvas } from './shared-canvas.ts';
import { Slates } from './slates.ts';
import type { Source } from './source.ts';
import { Standing } from './standing.ts';

export interface ScreensDeps {
  readonly title: string;
  /** Gives the scene its place at a composing thread; asked for when something is composed. */
  readonly openComposer: (events: ComposerEvents) => Composer;
  readonly allowance: () => Allowance;
  readonly sourceOf: (participantId: string) => Source | undefined;
  readonly log: Logger;
}

/** Who is to be shown something. */
export interface Audience {
  readonly endpoints: readonly Endpoint[];
  readonly composedFeeds: readonly ComposedFeed[];
}

/** What is on everybody's screen: slates, cameras passed on, canvases, and what has to be decoded for them. */
export class Screens {
  readonly slates: Slates;
  readonly #deps: ScreensDeps;
  readonly #standing = new Standing();
  readonly #director = new Director();
  readonly #canvases: Canvases;
  readonly #decoding: Decoding;
  /** Cameras that are decoded for a snapshot, and for how many. */
  readonly #watched = new Map<Source, number>();
  #composer: Composer | undefined;
  #decoded: ReadonlyMap<string, DecodedFacts> = new Map();

  constructor(deps: ScreensDeps) {
    this.#deps = deps;
    this.slates = new Slates(deps.title, deps.log);
    const composer = () => this.#openComposer();
    this.#canvases = new Canvases(composer, nowMs);
    this.#decoding = new Decoding(composer);
  }

  get canvases(): readonly SharedCanvas[] {
    return this.#canvases.all;
  }

  /** Cameras that are decoded now. */
  get decoders(): number {
    return this.#composer?.decoders ?? 0;
  }

  /** How a camera was decoded in the last second; undefined when nobody is shown it. */
  decodedOf(sourceId: string): DecodedFacts | undefined {
    return this.#decoding.isDecoded(sourceId) ? this.#decoded.get(sourceId) : undefined;
  }

  /** Gives everybody the picture it is to see; nothing is done while nothing changes. */
  show(facts: SceneFacts, { endpoints, composedFeeds }: Audience, atMs: number): void {
    const { sourceOf } = this.#deps;
    const allowance = this.#deps.allowance();
    const slate = this.slates.words;
    const { isChanging } = this.#canvases;
    const matters = { facts, endpoints, composedFeeds, allowance, slate, isChanging };
    if (!this.#standing.isNew(matters, atMs)) return;
    const craft: Stagecraft = { facts, slate, allowance, sourceOf };
    this.#director.arrange(facts, atMs);
    const directed = endpoints.map(endpoint => {
      return { endpoint, direction: this.#director.direct(endpoint, craft) };
    });
    const wishes: CanvasWish[] = [
      ...directed.flatMap(({ direction }) => (direction.kind === 'canvas' ? direction.wish : [])),
      ...endpoints.flatMap(endpoint => feedWish(endpoint, facts) ?? []),
      ...composedFeeds.flatMap(feed => this.#director.directComposed(feed, craft) ?? []),
    ];
    const isWatched = (canvas: SharedCanvas) =>
      directed.some(
        ({ endpoint, direction: { kind } }) =>
          (kind === 'camera' || kind === 'canvas') && endpoint.picture.isWatching(canvas),
      );
    const placed = this.#canvases.settle(wishes, allowance.mayOpenCanvas, isWatched);
    for (const { endpoint, direction } of directed)
      if (direction.kind === 'canvas') this.#showCanvas(endpoint, placed.get(endpoint.id), atMs);
      else this.#show(endpoint, direction, atMs);
    showFeeds({ endpoints, composedFeeds }, facts, placed);
    this.#settleDecoding();
  }

  /** What a camera gives, also when nobody is shown it; undefined when no picture comes in time. */
  async snapshotOfCamera(source: Source, maxWidth: number): Promise<Jpeg | undefined> {
    this.#watched.set(source, (this.#watched.get(source) ?? 0) + 1);
    this.#settleDecoding();
    try {
      return await this.#openComposer().snapshot(source.id, maxWidth);
    } finally {
      const left = (this.#watched.get(source) ?? 1) - 1;
      if (left > 0) this.#watched.set(source, left);
      else this.#watched.delete(source);
    }
  }

  snapshotOfCanvas(canvas: SharedCanvas, maxWidth: number): Promise<Jpeg | undefined> {
    return this.#openComposer().snapshotOf(canvas.composed, maxWidth);
  }

  /** A camera went away. */
  forget(source: Source): void {
    this.#watched.delete(source);
  }

  tick(atMs: number): void {
    this.#canvases.tick(atMs);
  }

  close(): void {
    this.#canvases.close();
    if (this.#composer) this.#decoding.close();
    this.#composer?.close();
  }

  #openComposer(): Composer {
    const { openComposer, sourceOf, log } = this.#deps;
    this.#composer ??= openComposer({
      onBroken: id => sourceOf(id)?.requestKeyframe(),
      onSecond: facts => {
        this.#decoded = new Map(facts.map(fact => [fact.sourceId, fact]));
      },
      onCanvasFailed: reason => log.error({ reason }, 'picture cannot be encoded'),
    });
    return this.#composer;
  }

  #show(
    endpoint: Endpoint,
    direction: Exclude<ReturnType<Director['direct']>, { kind: 'canvas' }>,
    atMs: number,
  ): void {
    const { picture } = endpoint;
    if (direction.kind === 'nothing') return picture.blank();
    const slate = this.#slateFor(endpoint, atMs);
    endpoint.encodedFor(Number.POSITIVE_INFINITY, atMs);
    if (direction.kind === 'camera') {
      const { source } = direction;
      picture.show(source, slate, atMs, () => understands(source, endpoint));
    } else if (slate) picture.showSlate(slate, atMs);
  }

  #showCanvas(endpoint: Endpoint, canvas: SharedCanvas | undefined, atMs: number): void {
    const { picture, terms } = endpoint;
    const slate = terms.codec === 'h264' ? this.#slateFor(endpoint, atMs) : undefined;
    if (!canvas) return slate && picture.showSlate(slate, atMs);
    picture.showCanvas(canvas, slate, atMs);
    endpoint.encodedFor(canvas.group.bitrateBps, atMs);
  }

  #slateFor({ terms, rate }: Endpoint, atMs: number) {
    return this.slates.get(terms.limits.maxFs, rate.maxBitrateBps, atMs);
  }

  #settleDecoding(): void {
    const shown = this.#canvases.all.flatMap(canvas => canvas.shownIds);
    const sources = shown.flatMap(id => this.#deps.sourceOf(id) ?? []);
    this.#decoding.settle(new Set([...sources, ...this.#watched.keys()]));
  }
}

function showFeeds(
  { endpoints, composedFeeds }: Audience,
  { people }: SceneFacts,
  placed: ReadonlyMap<string, SharedCanvas>,
): void {
  const isWatched = hasBrowser(people);
  for (const endpoint of endpoints) {
    endpoint.feed.watch(isWatched);
    const canvas = placed.get(feedReceiver(endpoint.id));
    if (canvas) endpoint.feed.show(canvas);
  }
  for (const { id, feed } of composedFeeds) {
    const canvas = placed.get(id);
    if (canvas) feed.show(canvas);
  }
}
