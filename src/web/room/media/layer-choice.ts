/** Which size of each feed is fetched, and what of that the room server has been told. */
import { AbsentSizes } from './absent-sizes.ts';
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
  readonly #absent = new AbsentSizes();
  #small: ReadonlySet<string> = new Set();

  published(feed: string, isLayered: boolean): void {
    this.#absent.forget(feed);
    if (isLayered) this.#layered.add(feed);
    else this.#layered.delete(feed);
  }

  show(small: ReadonlySet<string>): void {
    for (const feed of this.#small) if (!small.has(feed)) this.#absent.forget(feed);
    this.#small = small;
  }

  /** After a look at what has come, by m-line. */
  came(packets: ReadonlyMap<string, number>): void {
    const lines = [...this.#told].map(([mid, { feed }]) => ({
      ...{ mid, feed },
      packets: packets.get(mid) ?? 0,
    }));
    this.#absent.look(lines.filter(({ feed }) => this.#small.has(feed)));
  }

  /** What the room server has to be told now, by the feed that each m-line carries; it counts as told. */
  changes(feedByMid: ReadonlyMap<string, string>): SizeWish[] {
    for (const mid of this.#told.keys()) if (!feedByMid.has(mid)) this.#told.delete(mid);
    return [...feedByMid].flatMap(([mid, feed]) => {
      if (!this.#layered.has(feed)) return [];
      const size = this.#sizeOf(feed);
      const told = this.#told.get(mid);
      if (told?.feed === feed && told.size === size) return [];
      this.#told.set(mid, { feed, size });
      return [{ mid, substream: SUBSTREAM[size] }];
    });
  }

  #sizeOf(feed: string): FeedSize {
    return this.#small.has(feed) && !this.#absent.has(feed) ? 'small' : 'full';
  }
}
