/** A picture that would have to wait longer than this is given up, and all up to the next key frame. */
const MAX_WAIT_MS = 500;
/** A key frame takes long by itself; those behind it may wait longer and catch up within this time. */
const KEYFRAME_WAKE_MS = 2_000;
const MAX_WAIT_IN_WAKE_MS = 1_000;
/** A picture that takes longer than this is not worth its end. */
const MAX_PICTURE_MS = 3_000;
/** So little must wait before a key frame is let in, and asked for. */
const RESUME_WAIT_MS = 250;
const ASK_INTERVAL_MS = 2_000;
/** Who never sends a key frame, or does not mark it, is let in after this long. */
const RESUME_PATIENCE_MS = 5_000;

/** The packet that asks to be let in. */
export interface Arriving {
  readonly timestamp: number;
  /** A decoder can begin with it. */
  readonly startsKeyframe: boolean;
  /** How long what is queued before it takes. */
  readonly waitMs: number;
}

/**
 * Lets pictures into a queue as long as it is short, whole ones only. After one
 * was given up the next to be let in is a key frame: a decoder never gets what
 * builds on a picture it has not.
 */
export class PictureGate {
  readonly #onKeyframeNeeded: () => void;
  #timestamp: number | undefined;
  /** Of a key frame that came too early: its later packets are of no use either. */
  #refusedTimestamp: number | undefined;
  #closedMs: number | undefined;
  #keyframeMs = Number.NEGATIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;

  /** @param onKeyframeNeeded called while the gate is closed and the queue is short again */
  constructor(onKeyframeNeeded: () => void) {
    this.#onKeyframeNeeded = onKeyframeNeeded;
  }

  admits(arriving: Arriving, nowMs: number): boolean {
    const isNew = arriving.timestamp !== this.#timestamp;
    this.#timestamp = arriving.timestamp;
    if (this.#closedMs === undefined) this.#stayOpen(arriving, isNew, nowMs);
    else if (arriving.timestamp !== this.#refusedTimestamp)
      this.#reopen(arriving, isNew && nowMs - this.#closedMs > RESUME_PATIENCE_MS, nowMs);
    const isOpen = this.#closedMs === undefined;
    if (isOpen && arriving.startsKeyframe) this.#keyframeMs = nowMs;
    return isOpen;
  }

  #stayOpen({ timestamp, waitMs }: Arriving, isNew: boolean, nowMs: number): void {
    const isInWake = nowMs - this.#keyframeMs < KEYFRAME_WAKE_MS;
    const maxWaitMs = isInWake ? MAX_WAIT_IN_WAKE_MS : MAX_WAIT_MS;
    if (waitMs <= (isNew ? maxWaitMs : MAX_PICTURE_MS)) return;
    this.#closedMs = nowMs;
    this.#refusedTimestamp = timestamp;
  }

  #reopen({ timestamp, waitMs, startsKeyframe }: Arriving, isDue: boolean, nowMs: number): void {
    const isShort = waitMs <= RESUME_WAIT_MS;
    if (isShort && (startsKeyframe || isDue)) this.#closedMs = undefined;
    else if (startsKeyframe) this.#refusedTimestamp = timestamp;
    else if (isShort && nowMs - this.#askedMs >= ASK_INTERVAL_MS) {
      this.#askedMs = nowMs;
      this.#onKeyframeNeeded();
    }
  }
}
