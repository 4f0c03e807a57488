/** Plain drawing into 4:2:0 planes. Rectangles are even and inside; nothing is clipped here. */
import type { Planes } from './ffmpeg.ts';
import type { Rect } from './protocol.ts';

/** Limited range, ITU-R BT.601. */
export interface Colour {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

export const BLACK: Colour = { y: 16, u: 128, v: 128 };
/** The night blue of every slate, #14213d. */
export const NIGHT: Colour = { y: 44, u: 144, v: 120 };
/** Behind all tiles. */
export const BACKDROP: Colour = { y: 26, u: 134, v: 125 };
/** Behind names. */
export const SHADE: Colour = { y: 24, u: 132, v: 126 };
export const GREEN: Colour = { y: 145, u: 80, v: 60 };
export const RED: Colour = { y: 90, u: 100, v: 210 };
export const BLUE: Colour = { y: 90, u: 190, v: 100 };
export const ORANGE: Colour = { y: 150, u: 60, v: 180 };

export function fill(planes: Planes, rect: Rect, { y, u, v }: Colour): void {
  const [luma, ...chromas] = planes;
  fillPlane(luma, rect, y);
  const half = halved(rect);
  for (const [index, plane] of chromas.entries()) fillPlane(plane, half, index === 0 ? u : v);
}

/** The edge of a rectangle, inside it. @param width even, in pixels */
export function frameIn(planes: Planes, rect: Rect, width: number, colour: Colour): void {
  const { x, y, height } = rect;
  const inner = height - 2 * width;
  fill(planes, { ...rect, height: width }, colour);
  fill(planes, { ...rect, y: y + height - width, height: width }, colour);
  fill(planes, { x, y: y + width, width, height: inner }, colour);
  fill(planes, { x: x + rect.width - width, y: y + width, width, height: inner }, colour);
}

/** Brightness of every pixel, rows without gaps; even numbers. */
export interface Stencil {
  readonly width: number;
  readonly height: number;
  readonly luma: Buffer;
}

/** Writes a stencil over what is there, all in one colour. */
export function stamp(
  planes: Planes,
  at: { readonly x: number; readonly y: number },
  stencil: Stencil,
  { u, v }: Pick<Colour, 'u' | 'v'>,
): void {
  const { width, height, luma } = stencil;
  const [plane, ...chromas] = planes;
  for (let row = 0; row < height; row += 1) {
    const from = row * width;
    luma.copy(plane.data, (at.y + row) * plane.stride + at.x, from, from + width);
  }
  const half = halved({ ...at, width, height });
  for (const [index, chroma] of chromas.entries()) fillPlane(chroma, half, index === 0 ? u : v);
}

function fillPlane({ data, stride }: Planes[number], rect: Rect, value: number): void {
  for (let row = rect.y; row < rect.y + rect.height; row += 1) {
    const start = row * stride + rect.x;
    data.fill(value, start, start + rect.width);
  }
}

function halved({ x, y, width, height }: Rect): Rect {
  return { x: x >> 1, y: y >> 1, width: width >> 1, height: height >> 1 };
}
