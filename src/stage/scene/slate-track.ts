import type { Slate } from '../encode/slate.ts';
import type { OutboundStream } from '../rtp/outbound-stream.ts';

const CLOCK_RATE_HZ = 90_000;

/** Repeats a slate on an outbound stream, beginning with its key frame. */
export class SlateTrack {
  readonly #slate: Slate;
  readonly #out: OutboundStream;
  readonly #startedMs: number;
  #next = 0;
  #seq = 0;
  #sent = 0;

  constructor(slate: Slate, out: OutboundStream, nowMs: number) {
    this.#slate = slate;
    this.#out = out;
    this.#startedMs = nowMs;
    this.tick(nowMs);
  }

  /** The receiver lost the picture: the next one is a key frame, at once. */
  restart(nowMs: number): void {
    this.#next = 0;
    this.#sendOne(nowMs);
  }

  /** Sends what is due. */
  tick(nowMs: number): void {
    const due = Math.floor(((nowMs - this.#startedMs) * this.#slate.fps) / 1000) + 1;
    if (this.#sent >= due) return;
    this.#sent = due;
    this.#sendOne(nowMs);
  }

  #sendOne(nowMs: number): void {
    const nals = this.#slate.accessUnits[this.#next] ?? [];
    this.#next = (this.#next + 1) % this.#slate.accessUnits.length;
    const timestamp = Math.round(((nowMs - this.#startedMs) * CLOCK_RATE_HZ) / 1000);
    for (const [index, payload] of nals.entries()) {
      const marker = index === nals.length - 1;
      this.#out.forward(this, { seq: this.#seq, timestamp, marker, payload, epoch: 0 }, nowMs);
      this.#seq = (this.#seq + 1) & 0xffff;
    }
  }
}
