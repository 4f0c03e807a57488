import type { Logger } from 'pino';
import { encodeSlate, type Slate } from '../encode/slate.ts';
import type { SlateSize } from '../encode/slate-layout.ts';
import { macroblocksOf } from '../rtp/payload/facts.ts';

/** Largest first; levels of ITU-T H.264 Table A-1 that just hold the size, and what it takes as measured. */
const SIZES: readonly (SlateSize & { readonly bitrateBps: number })[] = [
  { width: 640, height: 360, level: '2.2', bitrateBps: 140_000 },
  { width: 352, height: 288, level: '1.1', bitrateBps: 84_000 },
  { width: 176, height: 144, level: '1', bitrateBps: 0 },
];
const WAITING = ['Đang chờ các điểm cầu khác…', 'Waiting for others'];
const RETRY_INTERVAL_MS = 5_000;

/** The slates of one scene, each encoded once, when somebody first needs it. */
export class Slates {
  readonly #log: Logger;
  readonly #ready = new Map<SlateSize, Slate>();
  /** When each size was begun, while it is not ready. */
  readonly #begun = new Map<SlateSize, number>();
  #title: string;
  #lines: readonly string[] = WAITING;

  constructor(title: string, log: Logger) {
    this.#title = title;
    this.#log = log;
  }

  /** What they say. */
  get words(): { readonly title: string; readonly lines: readonly string[] } {
    return { title: this.#title, lines: this.#lines };
  }

  /** The old one goes on to be shown until the new one is made. */
  rewrite(title: string, lines: readonly string[] = WAITING): void {
    if (title === this.#title && lines.join('\n') === this.#lines.join('\n')) return;
    this.#title = title;
    this.#lines = lines;
    for (const size of this.#ready.keys()) this.#encode(size);
  }

  /** The largest that fits a decoder and its line; undefined while it is being made. */
  get(maxFs: number, maxBitrateBps: number, atMs: number): Slate | undefined {
    const size = sizeFor(maxFs, maxBitrateBps);
    const ready = this.#ready.get(size);
    if (ready) return ready;
    const begunMs = this.#begun.get(size);
    if (begunMs !== undefined && atMs - begunMs < RETRY_INTERVAL_MS) return undefined;
    this.#begun.set(size, atMs);
    this.#encode(size);
    return undefined;
  }

  #encode(size: SlateSize): void {
    const text = { title: this.#title, lines: this.#lines };
    const isCurrent = () => text.title === this.#title && text.lines === this.#lines;
    encodeSlate(text, size).then(
      slate => isCurrent() && this.#ready.set(size, slate),
      err => this.#log.error({ err }, 'slate not made'),
    );
  }
}

function sizeFor(maxFs: number, maxBitrateBps: number): SlateSize {
  const smallest = SIZES.at(-1) as SlateSize;
  return (
    SIZES.find(size => macroblocksOf(size) <= maxFs && size.bitrateBps <= maxBitrateBps) ?? smallest
  );
}
