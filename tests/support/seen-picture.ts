import { PNG } from 'pngjs';
import type { Rect } from '../../src/stage/layout/types.ts';
import { type DecodedPicture, lastPicture } from './last-picture.ts';
import { type Colour, type ColourName, nearestColour } from './picture.ts';

/** Of a tile, what is looked at to judge its colour. */
const MIDDLE_SHARE = 0.2;

/** A picture as somebody sees it, with its pixels. */
export class SeenPicture {
  readonly width: number;
  readonly height: number;
  /** What FFmpeg had to say against the stream it comes from. */
  readonly complaints: readonly string[];
  readonly #rgb: Buffer;

  constructor({ width, height, rgb, complaints }: DecodedPicture) {
    this.width = width;
    this.height = height;
    this.#rgb = rgb;
    this.complaints = complaints;
  }

  get all(): Rect {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  /** The colour in the middle of a rectangle. */
  colourOf(rect: Rect): ColourName | 'black' | 'grey' {
    return nearestColour(this.meanOf(middleOf(rect)));
  }

  meanOf(rect: Rect): Colour {
    const sums: [number, number, number] = [0, 0, 0];
    const pixels = this.#pixels(rect);
    for (const [red, green, blue] of pixels) {
      sums[0] += red;
      sums[1] += green;
      sums[2] += blue;
    }
    return sums.map(sum => sum / pixels.length) as unknown as Colour;
  }

  /** How much of a rectangle is of a colour, 0 to 1. */
  shareOf(colour: ColourName, rect: Rect): number {
    const pixels = this.#pixels(rect);
    return pixels.filter(pixel => nearestColour(pixel) === colour).length / pixels.length;
  }

  #pixels({ x, y, width, height }: Rect): Colour[] {
    const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
    const right = Math.min(this.width, Math.round(x + width));
    const pixels: Colour[] = [];
    for (let row = top; row < Math.min(this.height, Math.round(y + height)); row++) {
      for (let column = left; column < right; column++) {
        const at = (row * this.width + column) * 3;
        pixels.push([this.#rgb[at] ?? 0, this.#rgb[at + 1] ?? 0, this.#rgb[at + 2] ?? 0]);
      }
    }
    return pixels;
  }
}

/** The last picture of a stream, to be looked at; as `lastPicture` decodes it. */
export async function lastPictureOf(
  stream: Buffer,
  format: string,
  count: number,
): Promise<SeenPicture> {
  return new SeenPicture(await lastPicture(stream, format, count));
}

function middleOf({ x, y, width, height }: Rect): Rect {
  const margin = (1 - MIDDLE_SHARE) / 2;
  return {
    x: x + width * margin,
    y: y + height * margin,
    width: Math.max(1, width * MIDDLE_SHARE),
    height: Math.max(1, height * MIDDLE_SHARE),
  };
}

/** A picture that was kept as a PNG file. */
export function seenPng(png: Buffer): SeenPicture {
  const { width, height, data } = PNG.sync.read(png);
  const rgb = Buffer.from(data.filter((_, index) => index % 4 !== 3));
  return new SeenPicture({ width, height, rgb, complaints: [] });
}
