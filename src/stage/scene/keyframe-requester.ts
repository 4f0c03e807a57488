/** How often a source may be asked. */
export interface KeyframeRate {
  /** Time between two requests on the wire in the long run, repeated or not, as it is now. */
  readonly minIntervalMs: () => number;
  /** Whether a few requests may follow each other sooner when each was answered. */
  readonly burstAllowed: () => boolean;
}

export interface KeyframeRequesterOptions extends KeyframeRate {
  /** Puts a request on the wire; false when that is not possible yet. */
  readonly send: () => boolean;
}

/** A request may be lost like any packet: it is repeated until a key frame comes, this many times. */
const MAX_SENT = 30;

/**
 * A request that follows an answered one is sent after this already, as long as
 * the burst lasts: at the start of a call a key frame is needed for the codecs,
 * and a moment later again for each browser that has subscribed meanwhile.
 */
const AFTER_ANSWER_MS = 100;
const BURST = 3;

/** Asks one source for key frames: not too often, and again while none comes. */
export class KeyframeRequester {
  readonly #options: KeyframeRequesterOptions;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #wanted = false;
  #isAnswered = false;
  #sent = 0;
  /** Requests that may go before their interval is over; grows by one in each. */
  #burst = BURST;
  #burstAtMs = 0;

  constructor(options: KeyframeRequesterOptions) {
    this.#options = options;
  }

  /** Somebody needs a key frame; requests close together become one. */
  request(nowMs: number): void {
    if (!this.#wanted) this.#sent = 0;
    this.#wanted = true;
    this.tick(nowMs);
  }

  /** A key frame began. */
  satisfied(): void {
    this.#wanted = false;
    this.#isAnswered = true;
  }

  tick(nowMs: number): void {
    this.#refill(nowMs);
    if (this.#wanted && nowMs - this.#lastSentMs >= this.#distanceMs()) this.#send(nowMs);
  }

  #distanceMs(): number {
    const { minIntervalMs, burstAllowed } = this.#options;
    const isEarly = burstAllowed() && this.#isAnswered && this.#burst >= 1;
    return isEarly ? AFTER_ANSWER_MS : minIntervalMs();
  }

  #refill(nowMs: number): void {
    const earned = (nowMs - this.#burstAtMs) / Math.max(1, this.#options.minIntervalMs());
    this.#burst = Math.min(BURST, this.#burst + earned);
    this.#burstAtMs = nowMs;
  }

  #send(nowMs: number): void {
    if (!this.#options.send()) return;
    this.#lastSentMs = nowMs;
    this.#isAnswered = false;
    this.#burst = Math.max(0, this.#burst - 1);
    this.#sent += 1;
    if (this.#sent >= MAX_SENT) this.#wanted = false;
  }
}
