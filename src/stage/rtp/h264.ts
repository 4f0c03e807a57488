/** What the stage needs to know of H.264 in RTP, RFC 6184: no more than NAL unit types and the SPS. */

export const NAL_IDR = 5;
export const NAL_SPS = 7;
export const NAL_PPS = 8;
const STAP_A = 24;
const FU_A = 28;

export function nalType(nal: Buffer): number {
  return (nal[0] ?? 0) & 0x1f;
}

/** NAL units of an Annex B byte stream, without start codes. */
export function splitAnnexB(stream: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let i = 0; i + 2 < stream.length; i++) {
    if (stream[i] !== 0 || stream[i + 1] !== 0 || stream[i + 2] !== 1) continue;
    starts.push(i + 3);
    i += 2;
  }
  return starts.map((start, index) => {
    const next = starts[index + 1];
    let end = next === undefined ? stream.length : next - 3;
    while (end > start && stream[end - 1] === 0) end -= 1;
    return stream.subarray(start, end);
  });
}

/** What a payload carries, as far as switching needs it. */
export interface PayloadFacts {
  /** It holds the beginning of an IDR picture's first slice. */
  readonly startsKeyframe: boolean;
  readonly sps: Buffer | undefined;
  readonly pps: Buffer | undefined;
}

const NOTHING: PayloadFacts = {
  startsKeyframe: false,
  sps: undefined,
  pps: undefined,
};

const KEYFRAME_START: PayloadFacts = { ...NOTHING, startsKeyframe: true };

/** Reads an RTP payload: single NAL unit, STAP-A or FU-A; RFC 6184 §5.2. Never throws. */
export function inspectPayload(payload: Buffer): PayloadFacts {
  const type = nalType(payload);
  if (type === 1 || type === 6) return NOTHING; // by far the most common
  if (type === FU_A) return inspectFuA(payload);
  if (type === STAP_A) return inspectNals(splitStapA(payload));
  return inspectNals([payload]);
}

/** NAL units of a STAP-A; RFC 6184 §5.7.1. A damaged one gives those before the damage. */
export function splitStapA(payload: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let at = 1;
  while (at + 2 <= payload.length) {
    const length = payload.readUInt16BE(at);
    if (length === 0 || at + 2 + length > payload.length) break;
    nals.push(payload.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return nals;
}

export function isStapA(payload: Buffer): boolean {
  return nalType(payload) === STAP_A;
}

function inspectFuA(payload: Buffer): PayloadFacts {
  const header = payload[1] ?? 0;
  const isStart = (header & 0x80) !== 0;
  if (!isStart || (header & 0x1f) !== NAL_IDR || !isFirstSlice(payload[2])) return NOTHING;
  return KEYFRAME_START;
}

function inspectNals(nals: readonly Buffer[]): PayloadFacts {
  const find = (type: number) => nals.find(nal => nalType(nal) === type);
  const startsKeyframe = nals.some(nal => nalType(nal) === NAL_IDR && isFirstSlice(nal[1]));
  return { sps: find(NAL_SPS), pps: find(NAL_PPS), startsKeyframe };
}

/** `first_mb_in_slice` is 0, which ue(v) writes as a single set bit; ITU-T H.264 §7.3.3. */
function isFirstSlice(firstByteOfHeader: number | undefined): boolean {
  return ((firstByteOfHeader ?? 0) & 0x80) !== 0;
}

/** Macroblocks per frame of an SPS, ITU-T H.264 §7.3.2.1.1; undefined when it cannot be read. */
export function macroblocksOf(sps: Buffer): number | undefined {
  try {
    const bits = new BitReader(withoutEmulation(sps.subarray(1)));
    const profile = bits.bits(8);
    bits.bits(16);
    bits.exp(); // seq_parameter_set_id
    if (HIGH_PROFILES.has(profile)) skipHighFields(bits);
    bits.exp(); // log2_max_frame_num_minus4
    const orderType = bits.exp();
    if (orderType === 0) bits.exp();
    else if (orderType === 1) skipOrderCycle(bits);
    bits.exp(); // max_num_ref_frames
    bits.bits(1);
    const widthInMbs = bits.exp() + 1;
    const heightInMapUnits = bits.exp() + 1;
    const frameMbsOnly = bits.bits(1);
    return widthInMbs * heightInMapUnits * (2 - frameMbsOnly);
  } catch {
    return undefined; // truncated or damaged: nobody's limits are known to be broken
  }
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);

function skipHighFields(bits: BitReader): void {
  const chroma = bits.exp();
  if (chroma === 3) bits.bits(1);
  bits.exp();
  bits.exp();
  bits.bits(1);
  if (bits.bits(1) === 0) return;
  for (let list = 0; list < (chroma === 3 ? 12 : 8); list++)
    if (bits.bits(1) === 1) skipScalingList(bits, list < 6 ? 16 : 64);
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.signedExp() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipOrderCycle(bits: BitReader): void {
  bits.bits(1);
  bits.signedExp();
  bits.signedExp();
  const cycle = Math.min(bits.exp(), 255);
  for (let i = 0; i < cycle; i++) bits.signedExp();
}

/** Takes out emulation prevention bytes, ITU-T H.264 §7.4.1. */
function withoutEmulation(data: Buffer): Buffer {
  const out: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const isEmulation = i >= 2 && data[i] === 3 && data[i - 1] === 0 && data[i - 2] === 0;
    if (!isEmulation) out.push(data[i] ?? 0);
  }
  return Buffer.from(out);
}

class BitReader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
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

  /** ue(v), ITU-T H.264 §9.1. */
  exp(): number {
    let zeros = 0;
    while (this.bits(1) === 0) {
      zeros += 1;
      if (zeros > 32) throw new Error('not an Exp-Golomb code');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  signedExp(): number {
    const code = this.exp();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
