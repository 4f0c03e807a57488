import {
  AV_PIX_FMT_YUVJ420P,
  type AVPixelFormat,
  Codec,
  CodecContext,
  FF_ENCODER_MJPEG,
  FFmpegError,
  type Frame,
  Packet,
  Rational,
  SoftwareScaleContext,
  SWS_BILINEAR,
} from 'node-av';
import { setOptions } from '../encode/codec-options.ts';
import { newFrame } from './ffmpeg.ts';
import { pixelAspectOf } from './fit.ts';
import type { Jpeg } from './protocol.ts';

const QUALITY = '4';

/** A picture as JPEG, no wider than asked. @throws FFmpegError */
export function toJpeg(picture: Frame, maxWidth: number, takenAtMs: number): Jpeg {
  const shown = picture.width * pixelAspectOf(picture);
  const width = 2 * Math.floor(Math.min(maxWidth, shown) / 2);
  const height = Math.max(2, 2 * Math.round((picture.height * width) / shown / 2));
  const scaled = newFrame(width, height, AV_PIX_FMT_YUVJ420P);
  const scaler = new SoftwareScaleContext();
  try {
    const from = [picture.width, picture.height, picture.format as AVPixelFormat] as const;
    scaler.getContext(...from, width, height, AV_PIX_FMT_YUVJ420P, SWS_BILINEAR);
    FFmpegError.throwIfError(scaler.scaleFrameSync(scaled, picture), 'jpeg size');
    return { data: encode(scaled), width, height, takenAtMs };
  } finally {
    scaler.freeContext();
    scaled.free();
  }
}

function encode(picture: Frame): Uint8Array<ArrayBuffer> {
  const codec = Codec.findEncoderByName(FF_ENCODER_MJPEG);
  if (!codec) throw new Error('no JPEG encoder');
  const context = new CodecContext();
  const packet = new Packet();
  packet.alloc();
  try {
    context.allocContext3(codec);
    context.width = picture.width;
    context.height = picture.height;
    context.pixelFormat = AV_PIX_FMT_YUVJ420P;
    context.timeBase = new Rational(1, 1);
    setOptions(context, { qmin: QUALITY, qmax: QUALITY });
    FFmpegError.throwIfError(context.open2Sync(codec), 'jpeg encoder');
    picture.pts = 0n;
    FFmpegError.throwIfError(context.sendFrameSync(picture), 'jpeg');
    FFmpegError.throwIfError(context.receivePacketSync(packet), 'jpeg');
    return new Uint8Array(packet.data ?? []);
  } finally {
    context.freeContext();
    packet.free();
  }
}
