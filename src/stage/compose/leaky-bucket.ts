import { macroblocksOf } from '../rtp/payload/facts.ts';
import { type Coefficients, ComplexityMeter, LARGEST_COEFFICIENT } from './complexity.ts';
import type { Planes } from './ffmpeg.ts';

export interface BucketSpec {
  readonly bitrateBps: number;
  readonly fps: number;
  readonly width: number;
  readonly height: number;
}

/** Of PQUANT (H.263, 5.1.4); at 1 a picture is larger and looks the same. */
const FINEST = 2;
const COARSEST = 31;
/** Finer than the picture before only step by step: what that one left out is made up for as well. */
const FINER_RATIO = 0.85;

/** Samples of luma in a macroblock. */
const MACROBLOCK_AREA = 256;
/** What the line may be behind: it is late by this much when the bucket is full. */
const BUFFER_SEC = 0.4;
const BUFFER_PICTURES = 2;
/** Parts of the buffer: where a whole picture may fill it to, and what a usual one leaves in it. */
const WHOLE_SHARE = 0.75;
const STEADY_SHARE = 0.4;
/** A key frame waits until no more than this part is filled: it would be too coarse. */
const KEYFRAME_FROM_SHARE = 0.5;
/** Of what the bucket is off its steady share, one picture makes up for this part. */
const CORRECTION = 0.25;
/** So many times the usual change is another scene: nothing of the last picture helps. */
const SCENE_RATIO = 3;
/** The quantizer at which changes are compared. */
const COMPARED_AT = 8;
/** For each bit that is estimated, before anything is known: the first picture is rather coarse. */
const UNKNOWN_RATIO = 2.5;
/** Where more is seen there was next to nothing to encode, which says nothing of other pictures. */
const MOST_RATIO = 4;
/** Of headers and vectors, for each macroblock. */
const HEADER_BITS = 2;
/** What cost more than expected is believed sooner than what cost less. */
const LEARNING = { dearer: 0.7, cheaper: 0.4 } as const;
const USUAL_LEARNING = 0.3;

/** Roughly, by quantizer and size; what is rounded to nothing takes none. */
const BITS_OF_COEFFICIENT = Array.from({ length: COARSEST + 1 }, (_, quantizer) =>
  Float64Array.from({ length: LARGEST_COEFFICIENT + 1 }, (__, size) => {
    const level = size / (2 * Math.max(1, quantizer));
    return level < 1 ? 0 : 4 + 2 * Math.log2(level);
  }),
);

interface Asked {
  readonly isWhole: boolean;
  readonly estimatedBits: number;
}

/**
 * Constant bit rate for an encoder that is told the quantizer of each picture. What the line has
 * still to carry is in a bucket that leaks at the bit rate; the quantizer follows from what there is
 * room for, what the picture holds, and what such pictures took so far. Where there is no room even
 * at the coarsest, the picture is left out: a late line would be worse.
 *
 * FFmpeg's own control for H.263 encodes again what is too large, at three times the rate if need
 * be, and writes past the end of `mb_info` when it does.
 */
export class LeakyBucket {
  readonly #spec: BucketSpec;
  readonly #meter: ComplexityMeter;
  readonly #macroblocks: number;
  readonly #bufferBits: number;
  #queuedBits = 0;
  #index = 0;
  /** What a picture took for each bit that was estimated: seen for the first time, and changed. */
  #wholeRatio = UNKNOWN_RATIO;
  #changeRatio = UNKNOWN_RATIO;
  #usualChangeBits = 0;
  #asked: Asked | undefined;
  #lastQuantizer = FINEST;

  constructor(spec: BucketSpec) {
    const { bitrateBps, fps, width, height } = spec;
    this.#spec = spec;
    this.#meter = new ComplexityMeter(width, height);
    this.#macroblocks = macroblocksOf(spec);
    this.#bufferBits = bitrateBps * Math.max(BUFFER_SEC, BUFFER_PICTURES / fps);
  }

  /**
   * @param index of the picture, growing, also by those that are left out; the unit is 1/fps s
   * @returns the quantizer; undefined for a picture to be left out
   */
  quantizerOf(index: number, picture: Planes, isKeyframe: boolean): number | undefined {
    const slotBits = this.#spec.bitrateBps / this.#spec.fps;
    this.#queuedBits = Math.max(0, this.#queuedBits - (index - this.#index) * slotBits);
    this.#index = index;
    const fullBits = isKeyframe
      ? this.#bufferBits * KEYFRAME_FROM_SHARE
      : this.#bufferBits - slotBits;
    if (this.#queuedBits > fullBits) return undefined;
    const change = this.#meter.changeOf(picture);
    const changedBits = this.#estimatedBits(change, COMPARED_AT);
    const isWhole = isKeyframe || changedBits > this.#usualChangeBits * SCENE_RATIO;
    const held = isWhole ? this.#meter.textureOf(picture) : change;
    const roomBits = this.#roomBits(slotBits, isWhole) / this.#ratioOf(isWhole, isKeyframe);
    const quantizer = this.#finestWithin(roomBits, held, isWhole);
    this.#asked = { isWhole, estimatedBits: this.#estimatedBits(held, quantizer) };
    this.#lastQuantizer = quantizer;
    if (!isKeyframe)
      this.#usualChangeBits += (changedBits - this.#usualChangeBits) * USUAL_LEARNING;
    this.#meter.keep(picture);
    return quantizer;
  }

  /** The picture that was asked for last took so much. */
  encoded(bits: number): void {
    this.#queuedBits += bits;
    if (!this.#asked) return;
    const { isWhole, estimatedBits } = this.#asked;
    this.#asked = undefined;
    const seen = bits / estimatedBits;
    if (isWhole) this.#wholeRatio = learn(this.#wholeRatio, seen);
    else this.#changeRatio = learn(this.#changeRatio, seen);
  }

  /** A scene that comes without a key frame is not known at all. */
  #ratioOf(isWhole: boolean, isKeyframe: boolean): number {
    if (!isWhole) return this.#changeRatio;
    return isKeyframe ? this.#wholeRatio : Math.max(this.#wholeRatio, UNKNOWN_RATIO);
  }

  #roomBits(slotBits: number, isWhole: boolean): number {
    const wholeBits = this.#bufferBits * WHOLE_SHARE - this.#queuedBits;
    if (isWhole) return wholeBits;
    const offBits = this.#bufferBits * STEADY_SHARE - this.#queuedBits;
    return Math.min(wholeBits, slotBits + offBits * CORRECTION);
  }

  #finestWithin(roomBits: number, held: Coefficients, isWhole: boolean): number {
    const finest = isWhole ? FINEST : Math.floor(this.#lastQuantizer * FINER_RATIO);
    for (let quantizer = Math.max(FINEST, finest); quantizer < COARSEST; quantizer += 1)
      if (this.#estimatedBits(held, quantizer) <= roomBits) return quantizer;
    return COARSEST;
  }

  /** Of the whole picture, chroma too. */
  #estimatedBits(coefficients: Coefficients, quantizer: number): number {
    const bitsOf = BITS_OF_COEFFICIENT[quantizer] ?? [];
    let [bits, samples] = [0, 0];
    for (let size = 0; size < coefficients.length; size += 1) {
      const count = coefficients[size] ?? 0;
      bits += count * (bitsOf[size] ?? 0);
      samples += count;
    }
    return this.#macroblocks * ((bits / samples) * MACROBLOCK_AREA + HEADER_BITS);
  }
}

function learn(before: number, seen: number): number {
  const after = before + (seen - before) * (seen > before ? LEARNING.dearer : LEARNING.cheaper);
  return Math.min(MOST_RATIO, after);
}
