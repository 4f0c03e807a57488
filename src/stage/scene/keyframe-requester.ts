export interface KeyframeRequesterOptions {
  /** Least time between two requests on the wire, repeated or not, as it is now. */
  readonly minIntervalMs: () => number;
  /** Puts a request on the wire; false when that is not possible yet. */
  readonly send: () => boolean;
}

/** A request may be lost like any packet: it is repeated until a key frame comes, this many times. */
const MAX_SENT = 30;

/** Asks one source for key frames: not too often, and again while none comes. */
export class KeyframeRequester {
  readonly #options: KeyframeRequesterOptions;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #wanted = false;
  #sent = 0;

  constructor(options: KeyframeRequesterOptions) {
    this.#options = options;
  }

  /** Somebody needs a key frame; requests close together become one. */
  request(nowMs: number): void {
    this.#wanted = true;
    this.#sent = 0;
    this.tick(nowMs);
  }

  /** A key frame began. */
  satisfied(): void {
    this.#wanted = false;
  }

  tick(nowMs: number): void {
    if (this.#wanted && nowMs - this.#lastSentMs >= this.#options.minIntervalMs())
      this.#send(nowMs);
  }

  #send(nowMs: number): void {
    if (!this.#options.send()) return;
    this.#lastSentMs = nowMs;
    this.#sent += 1;
    if (this.#sent >= MAX_SENT) this.#wanted = false;
  }
}
