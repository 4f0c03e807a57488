import type { Slate } from '../encode/slate.ts';
import type { OutboundStream } from '../rtp/outbound-stream.ts';

const CLOCK_RATE_KHZ = 90;
/** A receiver that asks for key frames all the time gets them no closer than this. */
const MIN_RESTART_INTERVAL_MS = 250;

/** Repeats a slate on an outbound stream, beginning with its key frame. */
export class SlateTrack {
  readonly slate: Slate;
  readonly #out: OutboundStream;
  readonly #startedMs: number;
  #restartedMs = Number.NEGATIVE_INFINITY;
  #next = 0;
  #seq = 0;
  #timestamp = -1;
  #ticks = 0;

  constructor(slate: Slate, out: OutboundStream, atMs: number) {
    this.slate = slate;
    this.#out = out;
    this.#startedMs = atMs;
    this.tick(atMs);
  }

  /** The receiver lost the picture: the next one is a key frame, at once. */
  restart(atMs: number): void {
    if (atMs - this.#restartedMs < MIN_RESTART_INTERVAL_MS) return;
    this.#restartedMs = atMs;
    this.#next = 0;
    this.#sendPicture(atMs);
  }

  /** Sends what is due. */
  tick(atMs: number): void {
    const due = Math.floor(((atMs - this.#startedMs) * this.slate.fps) / 1000) + 1;
    if (this.#ticks >= due) return;
    this.#ticks = due;
    this.#sendPicture(atMs);
  }

  #sendPicture(atMs: number): void {
    const { pictures } = this.slate;
    const nals = pictures[this.#next] ?? [];
    const about = { startsKeyframe: this.#next === 0 };
    this.#next = (this.#next + 1) % pictures.length;
    const elapsed = Math.round((atMs - this.#startedMs) * CLOCK_RATE_KHZ);
    this.#timestamp = Math.max(elapsed, this.#timestamp + 1);
    for (const [index, payload] of nals.entries()) {
      const place = { seq: this.#seq, timestamp: this.#timestamp, epoch: 0 };
      const marker = index === nals.length - 1;
      this.#out.forward(this, { ...place, marker, payload }, atMs, about);
      this.#seq = (this.#seq + 1) & 0xffff;
    }
  }
}
