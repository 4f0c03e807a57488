import type { Frame } from 'node-av';
import { planesOf } from './ffmpeg.ts';
import type { DecodedFacts } from './protocol.ts';

/** Points that are looked at. */
const COLUMNS = 64;
const ROWS = 36;
/** Brightest that a covered lens or a dead input gives; limited range begins at 16. */
const BLACK_LUMA = 32;
/** A pause of more than this between two pictures is seen as a freeze, unless all are as long. */
const FREEZE_MS = 250;
/** So many times the usual pause is a freeze of a slow camera; in the manner of webrtc-stats, `freezeCount`. */
const FREEZE_RATIO = 2.5;
/** A camera for documents gives three pictures a second. What is slower is frozen, however usual. */
const SLOWEST_MS = 350;
/** Of the usual pause, what one more is believed. */
const LEARNING = 0.2;

/** Watches the pictures of one camera; tells once a second what they were like. */
export class PictureWatch {
  readonly #sourceId: string;
  #pictures = 0;
  #frozenMs = 0;
  #usualMs = 0;
  #lastMs: number;
  #sinceMs: number;
  #before: Uint8Array | undefined;

  constructor(sourceId: string, nowMs: number) {
    this.#sourceId = sourceId;
    this.#sinceMs = nowMs;
    this.#lastMs = nowMs;
  }

  picture(nowMs: number): void {
    this.#pictures += 1;
    this.#frozenMs += this.#pause(nowMs);
    const pauseMs = Math.min(SLOWEST_MS, nowMs - this.#lastMs);
    this.#usualMs += (pauseMs - this.#usualMs) * LEARNING;
    this.#lastMs = nowMs;
  }

  /** @param frame the newest picture; undefined before the first */
  report(frame: Frame | undefined, nowMs: number): DecodedFacts {
    const isNew = frame !== undefined && this.#pictures > 0;
    const sample = isNew ? sampled(frame) : undefined;
    const before = this.#before;
    const elapsedMs = Math.max(1, nowMs - this.#sinceMs);
    const facts = {
      sourceId: this.#sourceId,
      ...(frame && { width: frame.width, height: frame.height }),
      fps: Math.round((this.#pictures * 10_000) / elapsedMs) / 10,
      frozenMs: Math.min(Math.round(elapsedMs), Math.round(this.#frozenMs + this.#pause(nowMs))),
      black: sample?.every(luma => luma <= BLACK_LUMA) ?? false,
      // Cameras have noise: not one point of so many stays as it was.
      still: (before && sample?.every((luma, at) => luma === before[at])) ?? false,
    };
    this.#before = sample ?? before;
    this.#pictures = 0;
    this.#frozenMs = 0;
    this.#sinceMs = nowMs;
    return facts;
  }

  /** Of the pause that lasts, what lies in this second. */
  #pause(nowMs: number): number {
    const freezeMs = Math.max(FREEZE_MS, this.#usualMs * FREEZE_RATIO);
    const pauseMs = nowMs - Math.max(this.#lastMs, this.#sinceMs - freezeMs);
    return pauseMs > freezeMs ? pauseMs : 0;
  }
}

/** Brightness at points spread evenly over the picture. */
function sampled(frame: Frame): Uint8Array {
  const sample = new Uint8Array(COLUMNS * ROWS);
  const luma = planesOf(frame)?.[0];
  if (!luma) return sample;
  for (let row = 0; row < ROWS; row += 1)
    for (let column = 0; column < COLUMNS; column += 1) {
      const x = Math.floor(((column + 0.5) * frame.width) / COLUMNS);
      const y = Math.floor(((row + 0.5) * frame.height) / ROWS);
      sample[row * COLUMNS + column] = luma.data[y * luma.stride + x] ?? 0;
    }
  return sample;
}
