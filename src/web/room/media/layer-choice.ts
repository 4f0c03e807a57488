/** Which size of each feed is fetched, and what of that the room server has been told. */
import { type FeedSize, SUBSTREAM } from './layers.ts';

/** One m-line of the subscription and the size of it, as the room server takes it. */
export interface SizeWish {
  readonly mid: string;
  readonly substream: number;
}

export class LayerChoice {
  /** Feeds that come in more than one size. */
  readonly #layered = new Set<string>();
  /** By m-line. The room server sends the full size until it is told. */
  readonly #told = new Map<string, { readonly feed: string; readonly size: FeedSize }>();
  #small: ReadonlySet<string> = new Set();

  published(feed: string, isLayered: boolean): void {
    if (isLayered) this.#layered.add(feed);
    else this.#layered.delete(feed);
  }

  show(small: ReadonlySet<string>): void {
    this.#small = small;
  }

  /** What the room server has to be told now, by the feed that each m-line carries; it counts as told. */
  changes(feedByMid: ReadonlyMap<string, string>): SizeWish[] {
    for (const mid of this.#told.keys()) if (!feedByMid.has(mid)) this.#told.delete(mid);
    return [...feedByMid].flatMap(([mid, feed]) => {
      if (!this.#layered.has(feed)) return [];
      const size = this.#small.has(feed) ? 'small' : 'full';
      const told = this.#told.get(mid);
      if (told?.feed === feed && told.size === size) return [];
      this.#told.set(mid, { feed, size });
      return [{ mid, substream: SUBSTREAM[size] }];
    });
  }
}
