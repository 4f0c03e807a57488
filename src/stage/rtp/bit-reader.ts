/** Reads big-endian bit fields. @throws Error past the end: whoever reads headers catches it once */
export class BitReader {
  readonly #data: Buffer;
  #at: number;

  /** @param atBit where to begin */
  constructor(data: Buffer, atBit = 0) {
    this.#data = data;
    this.#at = atBit;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.#data[this.#at >> 3];
      if (byte === undefined) throw new Error('out of bits');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** ue(v), ITU-T H.264 §9.1. */
  exp(): number {
    let zeros = 0;
    while (this.bits(1) === 0) {
      zeros += 1;
      if (zeros > 32) throw new Error('not an Exp-Golomb code');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v), ITU-T H.264 §9.1.1. */
  signedExp(): number {
    const code = this.exp();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}

/** Bits at a place as a number; undefined when the data ends before. */
export function peekBits(data: Buffer, atBit: number, count: number): number | undefined {
  if (atBit + count > data.length * 8) return undefined;
  return new BitReader(data, atBit).bits(count);
}
