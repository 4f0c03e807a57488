/** Asks one source for key frames: not too often, and again while none comes. */

export interface KeyframeRequesterOptions {
  /** Least time between two requests on the wire. */
  readonly minIntervalMs: number;
  readonly send: () => void;
}

/** A request that is not answered is repeated this often, this many times. */
const REPEAT_INTERVAL_MS = 1_000;
const MAX_REPEATS = 15;

export class KeyframeRequester {
  readonly #options: KeyframeRequesterOptions;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #wanted = false;
  #repeats = 0;

  constructor(options: KeyframeRequesterOptions) {
    this.#options = options;
  }

  /** Somebody needs a key frame; requests close together become one. */
  request(nowMs: number): void {
    this.#wanted = true;
    this.#repeats = 0;
    if (nowMs - this.#lastSentMs >= this.#options.minIntervalMs) this.#send(nowMs);
  }

  /** A key frame began. */
  satisfied(): void {
    this.#wanted = false;
  }

  tick(nowMs: number): void {
    if (!this.#wanted) return;
    const isRepeat = this.#repeats > 0;
    const waitMs = isRepeat ? REPEAT_INTERVAL_MS : this.#options.minIntervalMs;
    if (nowMs - this.#lastSentMs >= waitMs) this.#send(nowMs);
  }

  #send(nowMs: number): void {
    if (this.#repeats >= MAX_REPEATS) {
      this.#wanted = false;
      return;
    }
    this.#repeats += 1;
    this.#lastSentMs = nowMs;
    this.#options.send();
  }
}
