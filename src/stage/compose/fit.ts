import { usualPixelAspect } from '../layout/rectangles.ts';
import type { Rect } from './protocol.ts';
import { WIDTH_STEP } from './scaler.ts';

/** A picture as it comes out of a decoder. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** Width of a pixel by its height. */
  readonly pixelAspect: number;
}

/**
 * The largest rectangle of the picture's shape inside another, in its middle. Its
 * width is what the scaler can write: the shape is off by less than the eye sees.
 *
 * @param canvasPixelAspect of the canvas
 */
export function fitted(picture: PictureSize, into: Rect, canvasPixelAspect: number): Rect {
  const shape = (picture.width * picture.pixelAspect) / (picture.height * canvasPixelAspect);
  const widest = Math.max(WIDTH_STEP, floorTo(into.width, WIDTH_STEP));
  const wanted = Math.min(into.width, into.height * shape);
  const width = Math.min(widest, Math.max(WIDTH_STEP, roundTo(wanted, WIDTH_STEP)));
  const height = Math.min(into.height, Math.max(2, roundTo(Math.min(wanted, width) / shape, 2)));
  return {
    x: into.x + floorTo((into.width - width) / 2, 2),
    y: into.y + floorTo((into.height - height) / 2, 2),
    width,
    height,
  };
}

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly sampleAspectRatio: { readonly num: number; readonly den: number };
}

/** Width of a pixel by its height: what the stream says, else what is usual for its size. */
export function pixelAspectOf({ width, height, sampleAspectRatio }: Decoded): number {
  const { num, den } = sampleAspectRatio;
  if (num > 0 && den > 0) return num / den;
  const usual = usualPixelAspect({ width, height });
  return usual.num / usual.den;
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}

function floorTo(value: number, step: number): number {
  return Math.max(0, Math.floor(value / step) * step);
}
