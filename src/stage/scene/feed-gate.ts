import type { Admissible } from '../rtp/outbound-stream.ts';

/** Often enough for nobody on the way to take the feed for dead: the room server looks each second. */
const REST_INTERVAL_MS = 500;
/** Who subscribes asks for a key frame, perhaps before the stage is told that a browser came. */
const AWAKE_AFTER_REQUEST_MS = 10_000;
/** Some cameras never send a key frame, but renew the picture bit by bit. */
const KEYFRAME_PATIENCE_MS = 3_000;

/**
 * Lets a camera through to browsers while there is one. Else just a picture now and then, which
 * nobody looks at: the relay and the room server have much less to do. Begins again with a key frame.
 */
export class FeedGate {
  #isWatched = true;
  #awakeUntilMs = Number.NEGATIVE_INFINITY;
  /** Pictures were left out since the last key frame, from then on. */
  #brokenSinceMs: number | undefined;
  #restedAtMs = Number.NEGATIVE_INFINITY;
  #restedTimestamp: number | undefined;

  /** Returns whether a key frame is due now. */
  watch(isWatched: boolean, nowMs: number): boolean {
    const wasOpen = this.#isOpen(nowMs);
    this.#isWatched = isWatched;
    return !wasOpen && isWatched && this.#brokenSinceMs !== undefined;
  }

  /** Somebody asked for a key frame. */
  requested(nowMs: number): void {
    this.#awakeUntilMs = nowMs + AWAKE_AFTER_REQUEST_MS;
  }

  admits({ timestamp, startsKeyframe }: Admissible, nowMs: number): boolean {
    if (!this.#isOpen(nowMs)) return this.#admitsAtRest(timestamp, nowMs);
    if (this.#brokenSinceMs === undefined) return true;
    const isPatient = nowMs - this.#brokenSinceMs < KEYFRAME_PATIENCE_MS;
    if (!startsKeyframe && isPatient) return false;
    this.#brokenSinceMs = undefined;
    return true;
  }

  #isOpen(nowMs: number): boolean {
    return this.#isWatched || nowMs < this.#awakeUntilMs;
  }

  #admitsAtRest(timestamp: number, nowMs: number): boolean {
    if (timestamp === this.#restedTimestamp) return true;
    this.#brokenSinceMs = nowMs;
    if (nowMs - this.#restedAtMs < REST_INTERVAL_MS) return false;
    this.#restedAtMs = nowMs;
    this.#restedTimestamp = timestamp;
    return true;
  }
}
