import { isDeepStrictEqual } from 'node:util';
import type { Frame } from 'node-av';
import { layOut } from '../encode/slate-layout.ts';
import type { PictureLook } from './decoder.ts';
import type { Planes, Surface } from './ffmpeg.ts';
import { fitted } from './fit.ts';
import {
  BLACK,
  BLUE,
  type Colour,
  fill,
  frameIn,
  GREEN,
  NIGHT,
  ORANGE,
  RED,
  SHADE,
  stamp,
} from './paint.ts';
import type { Rect, Tile } from './protocol.ts';
import { Scaler } from './scaler.ts';
import { even, type Stencils } from './stencils.ts';

/** What a camera gives now. */
export interface LivePicture {
  readonly frame: Frame;
  readonly look: PictureLook;
  /** Grows with each new picture. */
  readonly sequence: number;
}

const WHITE_LUMA = 235;
const GREY_LUMA = 170;
/** Words on the marks; halls read Vietnamese. */
const MUTED = 'tắt tiếng';
const POOR_LINE = 'mạng yếu';
/** A hand that points up; small tiles have no room for more. */
const HAND = '☝';
const HAND_RAISED = `${HAND} giơ tay`;
const MIN_HEIGHT_FOR_WORDS = 120;
const SMALLEST_LABEL = 9;
const LARGEST_LABEL = 26;

/** One tile of a canvas: draws only what is new. `close` frees it. */
export class TilePainter {
  #tile: Tile;
  readonly #stencils: Stencils;
  readonly #pixelAspect: number;
  readonly #scaler = new Scaler();
  /** What is on the canvas now: a size of picture, or the slate. */
  #drawn = '';
  #sequence = -1;
  /** From the top of the canvas: what is written over all tiles; marks keep clear of it. */
  coveredPx = 0;

  constructor(tile: Tile, stencils: Stencils, pixelAspect: number) {
    this.#tile = tile;
    this.#stencils = stencils;
    this.#pixelAspect = pixelAspect;
  }

  get tile(): Tile {
    return this.#tile;
  }

  /** Somebody else in this place, or other words on it; the same again changes nothing. */
  retarget(tile: Tile): void {
    if (isDeepStrictEqual(tile, this.#tile)) return;
    this.#tile = tile;
    this.invalidate();
  }

  /** The canvas was cleared, or a text that was missing can be had: everything is new. */
  invalidate(): void {
    this.#drawn = '';
    this.#sequence = -1;
  }

  /** Returns whether anything changed. */
  paint(surface: Surface, live: LivePicture | undefined): boolean {
    return live ? this.#paintPicture(surface, live) : this.#paintSlate(surface.planes);
  }

  close(): void {
    this.#scaler.close();
  }

  #paintPicture({ frame: canvas, planes }: Surface, live: LivePicture): boolean {
    const { look, sequence } = live;
    if (sequence === this.#sequence) return false;
    this.#sequence = sequence;
    const { rect, labelled, marks } = this.#tile;
    const target = fitted(look, rect, this.#pixelAspect);
    const size = `${target.width}x${target.height}`;
    if (size !== this.#drawn) fill(planes, rect, BLACK);
    this.#drawn = size;
    this.#scaler.scale(live, canvas, target);
    if (labelled) this.#paintLabel(planes);
    if (marks.speaking && labelled) frameIn(planes, rect, borderOf(rect), GREEN);
    return true;
  }

  #paintSlate(planes: Planes): boolean {
    if (this.#drawn === 'slate') return false;
    this.#drawn = 'slate';
    this.#sequence = -1;
    const { rect, name, lines = [], marks } = this.#tile;
    fill(planes, rect, NIGHT);
    // Before the name: where much is written across the top, they may come close to it.
    if (marks.muted || marks.handRaised) this.#paintChips(planes, rect.x + borderOf(rect));
    const text = layOut({ title: name, lines }, { ...rect, level: '' });
    for (const { text: words, fontSize, y, color } of text) {
      const ink = color === 'white' ? WHITE_LUMA : GREY_LUMA;
      const wording = { text: words, fontSize, maxWidth: rect.width, ground: NIGHT.y, ink };
      const stencil = this.#stencils.get(wording);
      if (!stencil || y + stencil.height > rect.height) continue;
      const x = rect.x + evenDown((rect.width - stencil.width) / 2);
      stamp(planes, { x, y: rect.y + evenDown(y) }, stencil, NIGHT);
    }
    if (marks.speaking) frameIn(planes, rect, borderOf(rect), GREEN);
    return true;
  }

  #paintLabel(planes: Planes): void {
    const { rect, name } = this.#tile;
    const margin = borderOf(rect);
    const fontSize = labelSize(rect);
    const maxWidth = evenDown(rect.width - 2 * margin);
    const stencil = this.#stencils.get({
      text: name,
      fontSize,
      maxWidth,
      ground: SHADE.y,
      ink: WHITE_LUMA,
    });
    const x = rect.x + margin;
    if (stencil) {
      const y = rect.y + rect.height - margin - stencil.height;
      if (y >= rect.y) stamp(planes, { x, y: evenDown(y) }, stencil, SHADE);
    }
    this.#paintChips(planes, x);
  }

  /** Marks in words, in the upper left corner: names below may be long. */
  #paintChips(planes: Planes, from: number): void {
    const { rect, marks } = this.#tile;
    const hand = rect.height >= MIN_HEIGHT_FOR_WORDS ? HAND_RAISED : HAND;
    const chips: [string, Colour][] = [
      ...(marks.handRaised ? [[hand, BLUE] as [string, Colour]] : []),
      ...(marks.muted ? [[MUTED, RED] as [string, Colour]] : []),
      ...(marks.poorLine ? [[POOR_LINE, ORANGE] as [string, Colour]] : []),
    ];
    const fontSize = Math.max(SMALLEST_LABEL, Math.round(labelSize(rect) * 0.8));
    const y = Math.max(rect.y, this.coveredPx) + borderOf(rect);
    let x = from;
    for (const [text, colour] of chips) {
      const maxWidth = evenDown(rect.x + rect.width - x - 2);
      if (maxWidth < 2 * fontSize) return;
      const stencil = this.#stencils.get({
        text,
        fontSize,
        maxWidth,
        ground: colour.y,
        ink: WHITE_LUMA,
      });
      if (!stencil || y + stencil.height > rect.y + rect.height) continue;
      stamp(planes, { x, y }, stencil, colour);
      x += stencil.width + 2;
    }
  }
}

function labelSize({ height }: Rect): number {
  return Math.min(LARGEST_LABEL, Math.max(SMALLEST_LABEL, Math.round(height / 11)));
}

/** Of the speaking mark, and between a label and the edge. */
function borderOf({ height }: Rect): number {
  return Math.min(6, even(height / 80));
}

function evenDown(value: number): number {
  return Math.max(0, Math.floor(value / 2) * 2);
}
