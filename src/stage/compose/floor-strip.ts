import { isDeepStrictEqual } from 'node:util';
import type { FloorLine } from '../layout/types.ts';
import type { Planes } from './ffmpeg.ts';
import { clockStencil, FIGURES, figuresIn } from './figures.ts';
import { cleaned, cutOff, lettersIn } from './one-line.ts';
import { type Colour, fill, RED, SHADE, type Stencil, stamp } from './paint.ts';
import { even, type Stencils } from './stencils.ts';

const INK_LUMA = 235;
const SMALLEST_FONT = 10;

/** Who has the floor and who waits, in one line across a picture, the time that is left at its end. */
export class FloorStrip {
  readonly #size: { readonly width: number; readonly height: number };
  readonly #stencils: Stencils;
  readonly #fontSize: number;
  #line: FloorLine | undefined;
  #clock: { readonly of: string; readonly drawn: Stencil; readonly stencil: Stencil } | undefined;

  constructor(size: { readonly width: number; readonly height: number }, stencils: Stencils) {
    this.#size = size;
    this.#stencils = stencils;
    this.#fontSize = Math.max(SMALLEST_FONT, Math.round(size.height / 28));
  }

  /** Takes what it says, undefined for no strip; returns whether that is something else than before. */
  say(line: FloorLine | undefined): boolean {
    if (isDeepStrictEqual(line, this.#line)) return false;
    this.#line = line;
    return true;
  }

  /** How much of the picture it covers. */
  get height(): number {
    return this.#line ? even(Math.round(this.#fontSize * 1.5)) : 0;
  }

  /** Over whatever is there; it has to be painted after all else. */
  paint(planes: Planes, top: number): void {
    if (!this.#line) return;
    const { text, time } = this.#line;
    const width = this.#size.width - (this.#size.width % 2);
    fill(planes, { x: 0, y: top, width, height: this.height }, SHADE);
    const right = time ? this.#paintTime(planes, time, { right: width, top }) : width;
    const maxWidth = right - (right % 2);
    const written = cutOff(cleaned(text), lettersIn(maxWidth, this.#fontSize));
    const stencil = this.#draw(written, SHADE, maxWidth);
    if (stencil) stamp(planes, { x: 0, y: top }, stencil, SHADE);
  }

  /** Returns where it begins, from the right. */
  #paintTime(
    planes: Planes,
    { label, clock, isOver }: NonNullable<FloorLine['time']>,
    { right, top }: { readonly right: number; readonly top: number },
  ): number {
    const colour = isOver ? RED : SHADE;
    const words = this.#draw(label, colour, even(this.#size.width / 3));
    const figures = this.#figures(clock, colour);
    if (!words || !figures) return right; // they are drawn, and all is painted anew when they are there
    const x = Math.max(0, right - words.width - figures.width);
    stamp(planes, { x, y: top }, words, colour);
    stamp(planes, { x: x + words.width, y: top }, figures, colour);
    return x;
  }

  #figures(clock: string, { y: ground }: Colour): Stencil | undefined {
    const drawn = this.#draw(FIGURES, { y: ground }, even(this.#fontSize * FIGURES.length));
    if (!drawn) return undefined;
    if (this.#clock?.of === clock && this.#clock.drawn === drawn) return this.#clock.stencil;
    const figures = figuresIn(drawn, { ground, ink: INK_LUMA });
    if (!figures) return undefined;
    const gap = Math.max(1, Math.round(this.#fontSize / 12));
    const stencil = clockStencil(clock, drawn, figures, { ground, gap });
    this.#clock = { of: clock, drawn, stencil };
    return stencil;
  }

  #draw(text: string, { y: ground }: Pick<Colour, 'y'>, maxWidth: number): Stencil | undefined {
    return this.#stencils.get({ text, fontSize: this.#fontSize, maxWidth, ground, ink: INK_LUMA });
  }
}
