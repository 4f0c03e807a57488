import {
  AV_CODEC_FLAG_QSCALE,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_H263_MB_INFO,
  AV_PKT_FLAG_KEY,
  AVERROR_EAGAIN,
  Codec,
  CodecContext,
  FF_ENCODER_H263,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBX264,
  FF_QP2LAMBDA,
  FFmpegError,
  type FFVideoEncoder,
  type Frame,
  Packet,
  Rational,
} from 'node-av';
import { setOptions } from '../encode/codec-options.ts';
import { planesOf } from './ffmpeg.ts';
import { LeakyBucket } from './leaky-bucket.ts';
import type { CanvasSpec } from './protocol.ts';

export interface EncodedPicture {
  /** Its own memory. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly isKeyframe: boolean;
  /** H.263 alone: where macroblocks begin, as FFmpeg tells; for RFC 2190 mode B. */
  readonly macroblocks?: Uint8Array<ArrayBuffer>;
}

/** Without being asked a key frame comes this often: who lost its request is not blind for ever. */
const KEYFRAME_INTERVAL_SEC = 10;
/** A picture may be ahead of its rate by this much: small, as a narrow line has no room for more. */
const BUFFER_SEC = 0.4;
/** GOBs of H.263 end at this, so that each fits a packet. */
const H263_PAYLOAD_BYTES = '1000';

const NAMES: Record<CanvasSpec['codec'], FFVideoEncoder> = {
  h264: FF_ENCODER_LIBX264,
  h263: FF_ENCODER_H263,
  vp8: FF_ENCODER_LIBVPX_VP8,
};

const OPTIONS: Record<CanvasSpec['codec'], (spec: CanvasSpec) => Record<string, string>> = {
  h264: ({ level, maxSliceBytes }) => ({
    preset: 'superfast',
    tune: 'zerolatency',
    profile: 'baseline',
    ...(level && { level }),
    'x264-params': [
      'sliced-threads=0:annexb=1:repeat-headers=1:aud=0',
      ...(maxSliceBytes ? [`slice-max-size=${maxSliceBytes}`] : []),
    ].join(':'),
  }),
  h263: () => ({ ps: H263_PAYLOAD_BYTES, mb_info: H263_PAYLOAD_BYTES }),
  vp8: () => ({
    deadline: 'realtime',
    'cpu-used': '8',
    'error-resilient': 'default',
    'lag-in-frames': '0',
    'static-thresh': '100',
  }),
};

/** Encodes the pictures of one canvas, on FFmpeg's own thread pool. `close` frees it. */
export class Encoder {
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  /** Where FFmpeg's rate control is not used. */
  readonly #bucket: LeakyBucket | undefined;
  readonly #keyframeInterval: number;
  /** Until one is a key frame that nobody asked for. */
  #picturesLeft = 0;
  #wantsKeyframe = true;

  private constructor(context: CodecContext, { fps }: CanvasSpec, bucket: LeakyBucket | undefined) {
    this.#context = context;
    this.#keyframeInterval = fps * KEYFRAME_INTERVAL_SEC;
    this.#bucket = bucket;
    this.#packet.alloc();
  }

  /** @throws FFmpegError when it cannot be opened as the spec says */
  static async open(spec: CanvasSpec): Promise<Encoder> {
    const codec = Codec.findEncoderByName(NAMES[spec.codec]);
    if (!codec) throw new Error(`no encoder for ${spec.codec}`);
    const context = new CodecContext();
    context.allocContext3(codec);
    const bucket = spec.codec === 'h263' ? new LeakyBucket(spec) : undefined;
    configure(context, spec);
    if (bucket) context.setFlags(AV_CODEC_FLAG_QSCALE);
    else limitRate(context, spec);
    setOptions(context, OPTIONS[spec.codec](spec));
    FFmpegError.throwIfError(await context.open2(codec), `${spec.codec} encoder`);
    return new Encoder(context, spec, bucket);
  }

  /** The next picture is a key frame. */
  requestKeyframe(): void {
    this.#wantsKeyframe = true;
  }

  /**
   * The picture must not be changed until this resolves. None comes of one that the line has no room for.
   *
   * @param index of the picture, growing; the unit is 1/fps s
   * @throws FFmpegError
   */
  async encode(picture: Frame, index: number): Promise<EncodedPicture[]> {
    if (this.#picturesLeft <= 0) this.#wantsKeyframe = true;
    if (!this.#hasRoomFor(picture, index)) return [];
    if (this.#wantsKeyframe) this.#picturesLeft = this.#keyframeInterval;
    this.#picturesLeft -= 1;
    picture.pts = BigInt(index);
    picture.pictType = this.#wantsKeyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.#wantsKeyframe = false;
    FFmpegError.throwIfError(await this.#context.sendFrame(picture), 'encode');
    return this.#drain();
  }

  close(): void {
    this.#context.freeContext();
    this.#packet.free();
  }

  #hasRoomFor(picture: Frame, index: number): boolean {
    const planes = this.#bucket && planesOf(picture);
    if (!this.#bucket || !planes) return true;
    const quantizer = this.#bucket.quantizerOf(index, planes, this.#wantsKeyframe);
    if (quantizer === undefined) return false;
    picture.quality = quantizer * FF_QP2LAMBDA;
    return true;
  }

  /** What was encoded while it was sent: it is only fetched, which takes no thread of its own. */
  #drain(): EncodedPicture[] {
    const pictures: EncodedPicture[] = [];
    for (;;) {
      const received = this.#context.receivePacketSync(this.#packet);
      if (received === AVERROR_EAGAIN) return pictures;
      FFmpegError.throwIfError(received, 'encoded picture');
      const { data } = this.#packet;
      const isKeyframe = this.#packet.hasFlags(AV_PKT_FLAG_KEY);
      const sideData = this.#packet.getSideData(AV_PKT_DATA_H263_MB_INFO);
      const macroblocks = sideData && new Uint8Array(sideData);
      if (data) {
        this.#bucket?.encoded(data.length * 8);
        pictures.push({
          data: new Uint8Array(data),
          isKeyframe,
          ...(macroblocks && { macroblocks }),
        });
      }
      this.#packet.unref();
    }
  }
}

function configure(context: CodecContext, spec: CanvasSpec): void {
  const { width, height, fps, pixelAspect = 1 } = spec;
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, fps);
  context.framerate = new Rational(fps, 1);
  context.gopSize = fps * KEYFRAME_INTERVAL_SEC * 2; // ours come first: they are known before they are encoded
  context.maxBFrames = 0;
  context.threadCount = 1;
  if (pixelAspect !== 1) context.sampleAspectRatio = new Rational(12, 11);
}

function limitRate(context: CodecContext, { codec, bitrateBps }: CanvasSpec): void {
  context.bitRate = BigInt(bitrateBps);
  context.rcMaxRate = BigInt(bitrateBps);
  context.rcBufferSize = Math.round(bitrateBps * BUFFER_SEC);
  if (codec === 'vp8') context.rcMinRate = BigInt(bitrateBps);
}
