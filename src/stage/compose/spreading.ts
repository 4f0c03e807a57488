/** Of one core: above this the thread soon cannot keep up. */
const FULL = 0.75;
const FULL_MS = 2_000;
/** Of what there was to decode when the thread was full; less than this it does by itself again. */
const LITTLE = 0.6;
const LITTLE_MS = 10_000;

/** What a composing thread did since the last measurement. */
export interface ThreadUse {
  /** Share of one core that the thread itself took. */
  readonly coreShare: number;
  /** Decoded in a second, wherever that was done. */
  readonly pixelsPerSec: number;
}

/**
 * Whether cameras are decoded on other threads. One thread does without hand-overs, in caches that
 * are warm, and everything is decoded when it is composed; but it is only one.
 */
export class Spreading {
  #isOn = false;
  #fullSinceMs: number | undefined;
  #littleSinceMs: number | undefined;
  /** When it was turned on. */
  #pixelsPerSec = 0;

  get isOn(): boolean {
    return this.#isOn;
  }

  measured({ coreShare, pixelsPerSec }: ThreadUse, nowMs: number): void {
    const isFull = !this.#isOn && coreShare > FULL;
    const isLittle = this.#isOn && pixelsPerSec < LITTLE * this.#pixelsPerSec;
    this.#fullSinceMs = isFull ? (this.#fullSinceMs ?? nowMs) : undefined;
    this.#littleSinceMs = isLittle ? (this.#littleSinceMs ?? nowMs) : undefined;
    if (nowMs - (this.#fullSinceMs ?? nowMs) >= FULL_MS) {
      this.#isOn = true;
      this.#pixelsPerSec = pixelsPerSec;
    } else if (nowMs - (this.#littleSinceMs ?? nowMs) >= LITTLE_MS) this.#isOn = false;
    // A thread that could not keep up decoded less than there was.
    if (this.#isOn) this.#pixelsPerSec = Math.max(this.#pixelsPerSec, pixelsPerSec);
  }
}
