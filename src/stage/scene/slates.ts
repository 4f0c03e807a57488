import type { Logger } from 'pino';
import { encodeSlate, type Slate, type SlateSize } from '../encode/slate.ts';

const LARGE: SlateSize = { width: 640, height: 360 };
const SMALL: SlateSize = { width: 352, height: 288 };
const LINES = ['Đang chờ các điểm cầu khác…', 'Waiting for others'];
const MACROBLOCK = 16;

/** The slates of one scene, each encoded once, when somebody first needs it. */
export class Slates {
  readonly #log: Logger;
  readonly #ready = new Map<SlateSize, Slate>();
  readonly #encoding = new Set<SlateSize>();
  #title: string;

  constructor(title: string, log: Logger) {
    this.#title = title;
    this.#log = log;
  }

  retitle(title: string): void {
    if (title === this.#title) return;
    this.#title = title;
    this.#ready.clear();
  }

  /** The largest that fits a decoder; undefined while it is being made. */
  get(maxFs: number): Slate | undefined {
    const size = macroblocks(LARGE) <= maxFs ? LARGE : SMALL;
    const ready = this.#ready.get(size);
    if (!ready) this.#encode(size);
    return ready;
  }

  #encode(size: SlateSize): void {
    if (this.#encoding.has(size)) return;
    this.#encoding.add(size);
    const title = this.#title;
    encodeSlate({ title, lines: LINES }, size)
      .then(slate => {
        if (title === this.#title) this.#ready.set(size, slate);
      })
      .catch(err => this.#log.error({ err }, 'slate not made'))
      .finally(() => this.#encoding.delete(size));
  }
}

function macroblocks({ width, height }: SlateSize): number {
  return Math.ceil(width / MACROBLOCK) * Math.ceil(height / MACROBLOCK);
}
