import {
  AV_PIX_FMT_YUV420P,
  type AVPixelFormat,
  FFmpegError,
  type Frame,
  SoftwareScaleContext,
  SWS_BILINEAR,
  SWS_FAST_BILINEAR,
} from 'node-av';
import type { Planes } from './ffmpeg.ts';
import type { Rect } from './protocol.ts';

/**
 * The scaler's SIMD writes whole groups of pixels, 8 in each plane: a chroma row
 * of another width would be written beyond its end, into the neighbour.
 */
export const WIDTH_STEP = 16;

/** Scales pictures of one size into one rectangle. `close` frees it. */
export class Scaler {
  readonly #context = new SoftwareScaleContext();
  #sizes = '';

  /** @param target width a multiple of `WIDTH_STEP` @throws FFmpegError */
  scale(picture: Frame, planes: Planes, target: Rect): void {
    const { data, linesize, width, height } = picture;
    if (!data) return;
    this.#prepare(picture, target);
    const into = planes.map(({ data: plane, stride }, index) => {
      const half = index === 0 ? 0 : 1;
      return plane.subarray((target.y >> half) * stride + (target.x >> half));
    });
    const strides = planes.map(({ stride }) => stride);
    const [sources, sourceStrides] = [data.slice(0, 3), linesize.slice(0, 3)];
    const scaled = this.#context.scaleSync(sources, sourceStrides, 0, height, into, strides);
    FFmpegError.throwIfError(scaled, `scale from ${width}x${height}`);
  }

  close(): void {
    this.#context.freeContext();
  }

  #prepare(picture: Frame, { width, height }: Rect): void {
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
