import {
  AV_LOG_ERROR,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  Codec,
  CodecContext,
  FF_ENCODER_LIBX264,
  FFmpegError,
  type Frame,
  Log,
  Packet,
  Rational,
} from 'node-av';
import { splitAnnexB } from '../rtp/h264.ts';
import { setOptions } from './codec-options.ts';
import { layOut, type SlateSize, type SlateText } from './slate-layout.ts';
import { drawTexts } from './text-graph.ts';

/** A picture that stands still: to be sent over and over, beginning with the key frame. */
export interface Slate {
  readonly fps: number;
  /** NAL units of each picture, all of them small enough for one packet. */
  readonly pictures: readonly (readonly Buffer[])[];
}

const FPS = 5;
const FRAMES = FPS; // one key frame a second
/** NAL units of packetization-mode 0 are never cut: they must fit the MTU. RFC 6184 §6.2. */
const MAX_NAL_BYTES = 1200;
const BACKGROUND = '0x14213d';

/**
 * Draws and encodes a slate: constrained baseline H.264, every NAL unit fit for mode 0.
 * Runs on FFmpeg's own threads; the caller's event loop goes on.
 *
 * @throws Error when FFmpeg cannot draw or encode
 */
export async function encodeSlate(text: SlateText, size: SlateSize): Promise<Slate> {
  Log.setLevel(AV_LOG_ERROR); // x264 would print its statistics
  const frame = await draw(text, size);
  try {
    return { fps: FPS, pictures: await encode(frame, size) };
  } finally {
    frame.free();
  }
}

function draw(text: SlateText, size: SlateSize): Promise<Frame> {
  const { width, height } = size;
  const canvas = { width, height, background: BACKGROUND, pixelFormat: 'yuv420p' } as const;
  const lines = layOut(text, size).map(line => ({ ...line, x: '(w-text_w)/2' }));
  return drawTexts(canvas, lines);
}

async function encode(picture: Frame, size: SlateSize): Promise<Buffer[][]> {
  const encoder = await openEncoder(size);
  try {
    const pictures: Buffer[][] = [];
    for (let pts = 0; pts < FRAMES; pts++) {
      picture.pts = BigInt(pts);
      picture.pictType = pts === 0 ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
      FFmpegError.throwIfError(await encoder.sendFrame(picture), 'slate encode');
      pictures.push(...(await drain(encoder)));
    }
    FFmpegError.throwIfError(await encoder.sendFrame(null), 'slate flush');
    pictures.push(...(await drain(encoder)));
    return pictures;
  } finally {
    encoder.freeContext();
  }
}

async function openEncoder({ width, height, level }: SlateSize): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (!codec) throw new Error('no H.264 encoder');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = width;
  encoder.height = height;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, FPS);
  encoder.framerate = new Rational(FPS, 1);
  encoder.gopSize = FRAMES;
  encoder.maxBFrames = 0;
  encoder.threadCount = 1;
  setOptions(encoder, {
    preset: 'medium',
    tune: 'zerolatency',
    profile: 'baseline',
    level,
    crf: '22',
    'x264-params': `slice-max-size=${MAX_NAL_BYTES}:ref=1:repeat-headers=1:annexb=1:sliced-threads=0`,
  });
  FFmpegError.throwIfError(await encoder.open2(codec), 'slate encoder');
  return encoder;
}

async function drain(encoder: CodecContext): Promise<Buffer[][]> {
  const accessUnits: Buffer[][] = [];
  const packet = new Packet();
  packet.alloc();
  try {
    for (;;) {
      const result = await encoder.receivePacket(packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return accessUnits;
      FFmpegError.throwIfError(result, 'slate packet');
      if (packet.data) accessUnits.push(splitAnnexB(Buffer.from(packet.data)));
      packet.unref();
    }
  } finally {
    packet.free();
  }
}
