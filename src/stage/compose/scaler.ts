import {
  AV_PIX_FMT_YUV420P,
  type AVPixelFormat,
  FFmpegError,
  type Frame,
  SoftwareScaleContext,
  SWS_BILINEAR,
  SWS_FAST_BILINEAR,
} from 'node-av';
import type { PictureLook } from './decoder.ts';
import type { Rect } from './protocol.ts';
import { viewOf } from './view.ts';

/**
 * The scaler's SIMD writes whole groups of pixels, 8 in each plane: a chroma row
 * of another width would be written beyond its end, into the neighbour.
 */
export const WIDTH_STEP = 16;

interface Scalable {
  readonly frame: Frame;
  readonly look: Omit<PictureLook, 'pixelAspect'>;
}

/**
 * Scales pictures into a rectangle of a canvas, from frame to frame: taking the planes of
 * every picture as buffers kept the garbage collector busy. `close` frees it.
 */
export class Scaler {
  readonly #context = new SoftwareScaleContext();
  #sizes = '';
  #view: { readonly frame: Frame; readonly canvas: Frame; readonly place: string } | undefined;

  /** @param target width a multiple of `WIDTH_STEP` @throws FFmpegError */
  scale({ frame, look }: Scalable, canvas: Frame, target: Rect): void {
    this.#prepare(look, target);
    const scaled = this.#context.scaleFrameSync(this.#viewOf(canvas, target), frame);
    FFmpegError.throwIfError(scaled, 'scale');
  }

  close(): void {
    this.#view?.frame.free();
    this.#view = undefined;
    this.#context.freeContext();
  }

  #viewOf(canvas: Frame, target: Rect): Frame {
    const place = `${target.x},${target.y} ${target.width}x${target.height}`;
    if (this.#view?.canvas === canvas && this.#view.place === place) return this.#view.frame;
    const frame = viewOf(canvas, target);
    this.#view?.frame.free();
    this.#view = { frame, canvas, place };
    return frame;
  }

  #prepare(picture: Scalable['look'], { width, height }: Rect): void {
    const sizes = [picture.width, picture.height, picture.format, width, height].join();
    if (sizes === this.#sizes) return;
    this.#sizes = sizes;
    const method = width < picture.width ? SWS_FAST_BILINEAR : SWS_BILINEAR;
    const format = picture.format as AVPixelFormat;
    const target = AV_PIX_FMT_YUV420P;
    const source = [picture.width, picture.height, format] as const;
    this.#context.getContext(...source, width, height, target, method);
  }
}
