import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_CODEC_ID_H261,
  AV_CODEC_ID_H263,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_VP8,
  type AVCodecID,
  AVERROR_EAGAIN,
  Codec,
  CodecContext,
  FFmpegError,
  Frame,
  Packet,
} from 'node-av';
import type { CameraCodec, CodedPicture } from './protocol.ts';

const CODEC_IDS: Record<CameraCodec, AVCodecID> = {
  h264: AV_CODEC_ID_H264,
  vp8: AV_CODEC_ID_VP8,
  h263: AV_CODEC_ID_H263,
  h261: AV_CODEC_ID_H261,
};

/** After a loss the last good picture stands until a key frame comes, but no longer than this. */
const FREEZE_MS = 1_500;
/** Larger pictures are nobody's camera: memory is not theirs to take. */
const MAX_PIXELS = 4096 * 2304;

/** Of all decoders, so that two pictures never have the same number. */
let lastSequence = 0;

/** Decodes one camera, picture by picture; what is broken is left out. `close` frees it. */
export class Decoder {
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  /** The last good picture, and where the next is written. */
  #shown = newEmpty();
  #next = newEmpty();
  #hasPicture = false;
  #sequence = 0;
  #pictureAtMs = Number.NEGATIVE_INFINITY;
  #brokenSinceMs: number | undefined;
  #hasBegun = false;
  readonly #onBroken: () => void;

  /** @param onBroken a key frame is needed @throws FFmpegError when FFmpeg has no such decoder */
  constructor(codec: CameraCodec, onBroken: () => void) {
    this.#onBroken = onBroken;
    const decoder = Codec.findDecoder(CODEC_IDS[codec]);
    if (!decoder) throw new Error(`no decoder for ${codec}`);
    this.#context = new CodecContext();
    this.#context.allocContext3(decoder);
    this.#context.threadCount = 1;
    this.#context.setFlags(AV_CODEC_FLAG_LOW_DELAY);
    FFmpegError.throwIfError(this.#context.open2Sync(decoder), codec);
    this.#packet.alloc();
  }

  /** The picture to be shown now; undefined until one came. Its memory is good until the next `decode`. */
  get picture(): Frame | undefined {
    return this.#hasPicture ? this.#shown : undefined;
  }

  /** Of the picture: grows with each new one, and is nobody else's. */
  get sequence(): number {
    return this.#sequence;
  }

  /** When the picture came. */
  get pictureAtMs(): number {
    return this.#pictureAtMs;
  }

  decode(coded: CodedPicture, nowMs: number): void {
    if (!this.#hasBegun && !coded.isKeyframe) return this.#onBroken();
    this.#hasBegun = true;
    this.#packet.data = Buffer.from(
      coded.data.buffer,
      coded.data.byteOffset,
      coded.data.byteLength,
    );
    const sent = this.#context.sendPacketSync(this.#packet);
    const isDecoded = sent >= 0 && this.#receive();
    if (coded.isKeyframe && coded.isWhole && isDecoded) this.#brokenSinceMs = undefined;
    else if (!coded.isWhole || sent < 0) this.#broke(nowMs);
    if (isDecoded && !this.#isFrozen(nowMs)) this.#take(nowMs);
  }

  /** Pictures were left out: it goes on at a key frame. */
  skip(nowMs: number): void {
    this.#hasBegun = false;
    this.#broke(nowMs);
  }

  close(): void {
    this.#context.freeContext();
    this.#packet.free();
    this.#shown.free();
    this.#next.free();
  }

  #receive(): boolean {
    const received = this.#context.receiveFrameSync(this.#next);
    if (received >= 0) return this.#next.width * this.#next.height <= MAX_PIXELS;
    if (received !== AVERROR_EAGAIN) this.#onBroken();
    return false;
  }

  #broke(nowMs: number): void {
    this.#brokenSinceMs ??= nowMs;
    this.#onBroken();
  }

  #isFrozen(nowMs: number): boolean {
    if (this.#brokenSinceMs === undefined || !this.#hasPicture) return false;
    return nowMs - this.#brokenSinceMs < FREEZE_MS;
  }

  #take(nowMs: number): void {
    [this.#shown, this.#next] = [this.#next, this.#shown];
    this.#hasPicture = true;
    lastSequence += 1;
    this.#sequence = lastSequence;
    this.#pictureAtMs = nowMs;
  }
}

function newEmpty(): Frame {
  const frame = new Frame();
  frame.alloc();
  return frame;
}
