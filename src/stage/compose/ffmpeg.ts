import {
  AV_LOG_ERROR,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  type AVPixelFormat,
  FFmpegError,
  Frame,
  Log,
} from 'node-av';

/** FFmpeg prints to stderr by itself: broken pictures of strangers are no news. */
export function quietFfmpeg(isDebugging: boolean): void {
  Log.setLevel(isDebugging ? AV_LOG_ERROR : AV_LOG_QUIET);
}

/** Rows of the SIMD code are as wide as this. */
const ALIGNMENT_BYTES = 64;

/** A picture of one's own, its memory writable through `data`; `free` it. @throws FFmpegError */
export function newFrame(
  width: number,
  height: number,
  format: AVPixelFormat = AV_PIX_FMT_YUV420P,
): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  FFmpegError.throwIfError(frame.getBuffer(ALIGNMENT_BYTES), 'frame');
  return frame;
}

/** One plane of a picture: rows of `stride` bytes. */
export interface Plane {
  readonly data: Buffer;
  readonly stride: number;
}

export type Planes = readonly [Plane, Plane, Plane];

/** A picture that is drawn on, by FFmpeg and by hand. */
export interface Surface {
  readonly frame: Frame;
  readonly planes: Planes;
}

/** Y, U and V of a 4:2:0 picture, live memory for as long as the frame is not freed or refilled. */
export function planesOf(frame: Frame): Planes | undefined {
  const { data, linesize } = frame;
  const plane = (index: number): Plane | undefined => {
    const bytes = data?.[index];
    const stride = linesize[index];
    return bytes && stride ? { data: bytes, stride } : undefined;
  };
  const [y, u, v] = [plane(0), plane(1), plane(2)];
  return y && u && v ? [y, u, v] : undefined;
}
