import type { Planes } from './ffmpeg.ts';
import { cleaned, cutOff, lettersIn } from './one-line.ts';
import { type Colour, fill, stamp } from './paint.ts';
import type { Rect } from './protocol.ts';
import { even, type Stencils } from './stencils.ts';

/** Stands out from pictures and slates, and is none of the marks' colours. */
const GROUND: Colour = { y: 60, u: 170, v: 100 };
const INK_LUMA = 235;
const MAX_LINES = 3;
const SMALLEST_FONT = 10;

/** A message across the top of a picture, over whatever is there; it has to be painted after all else. */
export class Band {
  readonly #size: { readonly width: number; readonly height: number };
  readonly #stencils: Stencils;
  #lines: readonly string[] = [];

  constructor(size: { readonly width: number; readonly height: number }, stencils: Stencils) {
    this.#size = size;
    this.#stencils = stencils;
  }

  /** What it says; '' for no band. */
  set text(text: string) {
    this.#lines = text === '' ? [] : bandLines(text, this.#size.width, this.#fontSize);
  }

  /** How much of the picture it covers. */
  get height(): number {
    return this.#lines.length * this.#lineHeight;
  }

  paint(planes: Planes): void {
    if (this.#lines.length === 0) return;
    const { width } = this.#size;
    const fontSize = this.#fontSize;
    const lineHeight = this.#lineHeight;
    const rect: Rect = { x: 0, y: 0, width: width - (width % 2), height: this.height };
    fill(planes, rect, GROUND);
    for (const [index, text] of this.#lines.entries()) {
      const wording = { text, fontSize, maxWidth: rect.width, ground: GROUND.y, ink: INK_LUMA };
      const stencil = this.#stencils.get(wording);
      if (!stencil) continue; // it is drawn, and all is painted anew when it is there
      const x = Math.max(0, Math.floor((rect.width - stencil.width) / 4) * 2);
      stamp(planes, { x, y: index * lineHeight }, stencil, GROUND);
    }
  }

  get #lineHeight(): number {
    return even(Math.round(this.#fontSize * 1.5));
  }

  get #fontSize(): number {
    return Math.max(SMALLEST_FONT, Math.round(this.#size.height / 18));
  }
}

/** The text in as many lines as it needs, at most three; what is beyond is cut off. */
export function bandLines(text: string, width: number, fontSize: number): string[] {
  const fits = lettersIn(width, fontSize);
  const lines: string[] = [];
  let rest = cleaned(text);
  while (rest !== '' && lines.length < MAX_LINES) {
    const isLast = lines.length === MAX_LINES - 1;
    const line = isLast || rest.length <= fits ? cutOff(rest, fits) : head(rest, fits);
    lines.push(line);
    rest = rest.slice(line.length).trim();
  }
  return lines;
}

/** As many whole words as fit; a longer word is cut. */
function head(text: string, fits: number): string {
  const space = text.lastIndexOf(' ', fits);
  return text.slice(0, space > 0 ? space : fits);
}
