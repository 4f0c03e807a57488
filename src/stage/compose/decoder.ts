import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_CODEC_FLAG_OUTPUT_CORRUPT,
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
import { nowMs } from '../clock.ts';
import { pixelAspectOf } from './fit.ts';
import type { CameraCodec, CodedPicture } from './protocol.ts';

const CODEC_IDS: Record<CameraCodec, AVCodecID> = {
  h264: AV_CODEC_ID_H264,
  vp8: AV_CODEC_ID_VP8,
  h263: AV_CODEC_ID_H263,
  h261: AV_CODEC_ID_H261,
};

/** After a loss the last good picture stands until a key frame comes, but no longer than this. */
const FREEZE_MS = 1_500;
/** An IDR is waited for this long; ITU-T H.264 §D.2.8. */
const IDR_PATIENCE_MS = 3_000;
/** A picture that waited longer for the thread is left out: else what waits would grow for ever. */
const MAX_WAIT_MS = 500;
/** Larger pictures are nobody's camera: memory is not theirs to take. */
const MAX_PIXELS = 4096 * 2304;

/** What is to be known of a picture before it is drawn. Asking FFmpeg's frame each time would cost more. */
export interface PictureLook {
  readonly width: number;
  readonly height: number;
  readonly format: number;
  /** Width of a pixel by its height. */
  readonly pixelAspect: number;
}

export interface DecoderEvents {
  /** A key frame is needed. */
  readonly onBroken: () => void;
  /** There is a new picture to be shown. */
  readonly onPicture?: () => void;
}

/** Of all decoders, so that two pictures never have the same number. */
let lastSequence = 0;

/**
 * Decodes one camera, picture by picture; what is broken is left out. On the calling thread, or on
 * FFmpeg's own pool while `isElsewhere`; pictures stay in order. `close` frees it.
 */
export class Decoder {
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  /** The last good picture, and where the next is written. */
  #shown = newEmpty();
  #next = newEmpty();
  #hasPicture = false;
  #look: PictureLook | undefined;
  #nextLook: PictureLook | undefined;
  #sequence = 0;
  #pictureAtMs = Number.NEGATIVE_INFINITY;
  #brokenSinceMs: number | undefined;
  #hasBegun = false;
  #waitingSinceMs: number | undefined;
  readonly #codec: CameraCodec;
  readonly #events: DecoderEvents;
  /** What has to wait for the one that is decoded elsewhere. */
  readonly #waiting: CodedPicture[] = [];
  #elsewhere: Promise<void> | undefined;
  #isClosed = false;
  /** Whether the next pictures are decoded on other threads. */
  isElsewhere = false;

  /** @throws FFmpegError when FFmpeg has no such decoder */
  constructor(codec: CameraCodec, events: DecoderEvents) {
    this.#codec = codec;
    this.#events = events;
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

  /** Of the picture. */
  get look(): PictureLook | undefined {
    return this.#hasPicture ? this.#look : undefined;
  }

  /** Of the picture: grows with each new one, and is nobody else's. */
  get sequence(): number {
    return this.#sequence;
  }

  /** When the picture came. */
  get pictureAtMs(): number {
    return this.#pictureAtMs;
  }

  decode(coded: CodedPicture, atMs: number): void {
    if (this.isElsewhere || this.#elsewhere) {
      this.#waiting.push(coded);
      this.#elsewhere ??= this.#decodeWaiting().finally(() => {
        this.#elsewhere = undefined;
      });
    } else if (this.#begin(coded, atMs))
      this.#decoded(coded, this.#context.sendPacketSync(this.#packet), atMs);
  }

  /** Resolves when nothing of it is in use any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    if (this.#elsewhere) await this.#elsewhere;
    this.#context.freeContext();
    this.#packet.free();
    this.#shown.free();
    this.#next.free();
  }

  async #decodeWaiting(): Promise<void> {
    for (let coded = this.#waiting.shift(); coded; coded = this.#waiting.shift()) {
      if (!this.#begin(coded, nowMs())) continue;
      const sent = await this.#context.sendPacket(this.#packet);
      if (!this.#isClosed) this.#decoded(coded, sent, nowMs());
    }
  }

  /** Returns whether it is to be decoded; it is in the packet then. */
  #begin(coded: CodedPicture, atMs: number): boolean {
    if (atMs - coded.takenAtMs > MAX_WAIT_MS) this.#leaveOut();
    else if (!this.#hasBegun && !coded.isKeyframe && !this.#isOutOfPatience(atMs))
      this.#events.onBroken();
    else {
      this.#hasBegun = true;
      this.#waitingSinceMs = undefined;
      const { buffer, byteOffset, byteLength } = coded.data;
      this.#packet.data = Buffer.from(buffer, byteOffset, byteLength);
      return true;
    }
    return false;
  }

  /** @param sent what FFmpeg said to it: H.264 and all others here are decoded when they are sent */
  #decoded(coded: CodedPicture, sent: number, atMs: number): void {
    const { isKeyframe, isWhole, followsLoss } = coded;
    const isDecoded = sent >= 0 && this.#receive(isKeyframe);
    if (isKeyframe && isWhole && isDecoded) this.#brokenSinceMs = undefined;
    else if (!isWhole || followsLoss || sent < 0) this.#broke(atMs);
    if (isDecoded && !this.#isFrozen(atMs)) this.#take(atMs);
  }

  /** Some cameras never send an IDR, but refresh the picture bit by bit: it has flaws, and gets better. */
  #isOutOfPatience(atMs: number): boolean {
    this.#waitingSinceMs ??= atMs;
    if (this.#codec !== 'h264' || atMs - this.#waitingSinceMs < IDR_PATIENCE_MS) return false;
    this.#context.setFlags(AV_CODEC_FLAG_OUTPUT_CORRUPT);
    return true;
  }

  /** H.261 has no key frames to begin anew with: its flaws go by and by. */
  #leaveOut(): void {
    if (this.#codec !== 'h261') this.#hasBegun = false;
    this.#events.onBroken();
  }

  #receive(isKeyframe: boolean): boolean {
    const received = this.#context.receiveFrameSync(this.#next);
    if (received >= 0) {
      this.#nextLook = lookOf(this.#next, isKeyframe ? undefined : this.#look);
      return this.#nextLook.width * this.#nextLook.height <= MAX_PIXELS;
    }
    if (received !== AVERROR_EAGAIN) this.#events.onBroken();
    return false;
  }

  #broke(atMs: number): void {
    this.#brokenSinceMs ??= atMs;
    this.#events.onBroken();
  }

  #isFrozen(atMs: number): boolean {
    if (this.#brokenSinceMs === undefined || !this.#hasPicture) return false;
    return atMs - this.#brokenSinceMs < FREEZE_MS;
  }

  #take(atMs: number): void {
    [this.#shown, this.#next] = [this.#next, this.#shown];
    this.#look = this.#nextLook;
    this.#hasPicture = true;
    lastSequence += 1;
    this.#sequence = lastSequence;
    this.#pictureAtMs = atMs;
    this.#events.onPicture?.();
  }
}

/** @param before of the picture before it, unless the shape of pixels may have changed since */
function lookOf(frame: Frame, before: PictureLook | undefined): PictureLook {
  const { width, height, format } = frame;
  const isSame = before?.width === width && before.height === height && before.format === format;
  return isSame ? before : { width, height, format, pixelAspect: pixelAspectOf(frame) };
}

function newEmpty(): Frame {
  const frame = new Frame();
  frame.alloc();
  return frame;
}
