import { drawTexts } from '../encode/text-graph.ts';
import type { Stencil } from './paint.ts';

export interface Wording {
  readonly text: string;
  readonly fontSize: number;
  /** Longer text is cut off. */
  readonly maxWidth: number;
  /** Brightness of the ground and of the letters. */
  readonly ground: number;
  readonly ink: number;
}

/** Names change rarely, marks are few: what is beyond this many was shown long ago. */
const MAX_KEPT = 400;
const LETTER_LUMA_FLOOR = 24;
/** Above the font's highest letter, of the font size: capitals are in the middle then. */
const TOP_MARGIN = 0.16;

/** Texts as stencils, each drawn once when it is first wanted. */
export class Stencils {
  readonly #onTrouble: (err: unknown) => void;
  readonly #onDrawing: (drawing: Promise<void>) => void;
  readonly #drawn = new Map<string, Stencil | 'pending'>();

  /** @param onDrawing given what resolves when a text that was missing can be had; it never rejects */
  constructor(onTrouble: (err: unknown) => void, onDrawing: (drawing: Promise<void>) => void) {
    this.#onTrouble = onTrouble;
    this.#onDrawing = onDrawing;
  }

  /** Undefined while it is being drawn. */
  get(wording: Wording): Stencil | undefined {
    const key = JSON.stringify(wording);
    const known = this.#drawn.get(key);
    if (known === undefined) this.#draw(key, wording);
    return known === 'pending' ? undefined : known;
  }

  #draw(key: string, wording: Wording): void {
    const [oldest] = this.#drawn.keys();
    if (this.#drawn.size >= MAX_KEPT && oldest !== undefined) this.#drawn.delete(oldest);
    this.#drawn.set(key, 'pending');
    const drawing = draw(wording).then(
      stencil => void this.#drawn.set(key, stencil),
      err => this.#onTrouble(err),
    );
    this.#onDrawing(drawing);
  }
}

async function draw({ text, fontSize, maxWidth, ground, ink }: Wording): Promise<Stencil> {
  const padding = Math.max(2, Math.round(fontSize / 3));
  const height = even(Math.round(fontSize * 1.5));
  const y = Math.round(fontSize * TOP_MARGIN);
  const frame = await drawTexts(
    { width: even(maxWidth), height, background: 'black', pixelFormat: 'gray' },
    [{ text, fontSize, color: 'white', x: String(padding), y, top: 'font' }],
  );
  try {
    const stride = frame.linesize[0] ?? 0;
    const letters = frame.data?.[0] ?? Buffer.alloc(0);
    const inkWidth = widthOfInk(letters, stride, even(maxWidth), height);
    const width = Math.min(even(maxWidth), even(inkWidth + padding));
    const luma = Buffer.alloc(width * height);
    for (let row = 0; row < height; row += 1)
      for (let column = 0; column < width; column += 1) {
        const share = (letters[row * stride + column] ?? 0) / 255;
        luma[row * width + column] = Math.round(ground + (ink - ground) * share);
      }
    return { width, height, luma };
  } finally {
    frame.free();
  }
}

/** Columns up to the last that holds something of a letter. */
function widthOfInk(letters: Buffer, stride: number, width: number, height: number): number {
  for (let column = width - 1; column >= 0; column -= 1)
    for (let row = 0; row < height; row += 1)
      if ((letters[row * stride + column] ?? 0) > LETTER_LUMA_FLOOR) return column + 1;
  return 0;
}

/** The next even number: pictures are 4:2:0. */
export function even(value: number): number {
  return Math.max(2, Math.ceil(value / 2) * 2);
}
