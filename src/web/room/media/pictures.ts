/**
 * Which picture comes on which m-line of the subscription. A browser tells of an m-line that begins
 * to carry something, and not of one that carries another feed from now on (WebRTC §5.1.1), so that
 * after each negotiation all of them are looked at.
 */

/** One m-line as the room server tells it. */
export interface LineView {
  readonly mid: string;
  readonly feed_id?: string;
  readonly active?: boolean;
}

export interface PicturesDeps {
  /** What the browser receives on an m-line. */
  readonly trackOf: (mid: string) => MediaStreamTrack | undefined;
  /** Undefined: no longer. */
  readonly onPicture: (feed: string, track: MediaStreamTrack | undefined) => void;
}

export class Pictures {
  readonly #deps: PicturesDeps;
  readonly #feedByMid = new Map<string, string>();
  /** Feeds that are to be seen, with what has been told of each. */
  readonly #wanted = new Map<string, MediaStreamTrack | undefined>();

  constructor(deps: PicturesDeps) {
    this.#deps = deps;
  }

  /** m-line → feed it carries. */
  get feedByMid(): ReadonlyMap<string, string> {
    return this.#feedByMid;
  }

  want(feed: string): void {
    if (!this.#wanted.has(feed)) this.#wanted.set(feed, undefined);
  }

  drop(feed: string): void {
    if (this.#wanted.delete(feed)) this.#deps.onPicture(feed, undefined);
  }

  /** What the m-lines carry from now on. */
  learn(lines: readonly LineView[]): void {
    for (const { mid, feed_id: feed, active } of lines) {
      if (feed !== undefined && active !== false) this.#feedByMid.set(mid, feed);
      else this.#feedByMid.delete(mid);
    }
  }

  /** Tells of the pictures that have not been told of yet. */
  tell(): void {
    for (const [mid, feed] of this.#feedByMid) {
      const track = this.#deps.trackOf(mid);
      if (!track || !this.#wanted.has(feed) || this.#wanted.get(feed) === track) continue;
      this.#wanted.set(feed, track);
      this.#deps.onPicture(feed, track);
    }
  }
}
