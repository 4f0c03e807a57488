import { BitReader } from './bit-reader.ts';
import type { PictureSize } from './payload/facts.ts';

/** What a sequence parameter set says of a stream; ITU-T H.264 §7.3.2.1.1. */
export interface SpsFacts extends PictureSize {
  /** Macroblocks per frame, those cropped away too. */
  readonly macroblocks: number;
  readonly profileIdc: number;
  /** `constraint_set0_flag` is the highest bit; with the profile and level it is a profile-level-id. */
  readonly constraintFlags: number;
  readonly levelIdc: number;
  readonly maxNumRefFrames: number;
}

/** Reads an SPS, NAL header included; undefined when it is damaged or cut off. */
export function readSps(sps: Buffer): SpsFacts | undefined {
  try {
    return read(new BitReader(withoutEmulation(sps.subarray(1))));
  } catch {
    return undefined; // the reader ran out of bits
  }
}

function read(bits: BitReader): SpsFacts | undefined {
  const profileIdc = bits.bits(8);
  const constraintFlags = bits.bits(8);
  const levelIdc = bits.bits(8);
  bits.exp(); // seq_parameter_set_id
  const chroma = HIGH_PROFILES.has(profileIdc) ? readHighFields(bits) : CHROMA_420;
  bits.exp(); // log2_max_frame_num_minus4
  const orderType = bits.exp();
  if (orderType === 0) bits.exp();
  else if (orderType === 1) skipOrderCycle(bits);
  const maxNumRefFrames = bits.exp();
  bits.bits(1); // gaps_in_frame_num_value_allowed_flag
  const widthInMbs = bits.exp() + 1;
  const heightInMapUnits = bits.exp() + 1;
  const fieldsPerMapUnit = bits.flag() ? 1 : 2; // frame_mbs_only_flag
  if (fieldsPerMapUnit === 2) bits.bits(1); // mb_adaptive_frame_field_flag
  bits.bits(1); // direct_8x8_inference_flag
  const heightInMbs = heightInMapUnits * fieldsPerMapUnit;
  const crop = readCropping(bits, chroma, fieldsPerMapUnit);
  const width = widthInMbs * 16 - crop.width;
  const height = heightInMbs * 16 - crop.height;
  if (width <= 0 || height <= 0) return undefined;
  const macroblocks = widthInMbs * heightInMbs;
  return { width, height, macroblocks, profileIdc, constraintFlags, levelIdc, maxNumRefFrames };
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);

/** Luma samples per chroma sample, across and down; ITU-T H.264 table 6-1. */
interface Chroma {
  readonly across: number;
  readonly down: number;
}

const CHROMA_420: Chroma = { across: 2, down: 2 };
const CHROMA: readonly Chroma[] = [
  { across: 1, down: 1 },
  CHROMA_420,
  { across: 2, down: 1 },
  { across: 1, down: 1 },
];

function readHighFields(bits: BitReader): Chroma {
  const format = bits.exp();
  if (format === 3) bits.bits(1); // separate_colour_plane_flag
  bits.exp();
  bits.exp();
  bits.bits(1);
  if (bits.flag()) skipScalingMatrix(bits, format === 3 ? 12 : 8);
  return CHROMA[format] ?? CHROMA_420;
}

function skipScalingMatrix(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++)
    if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
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

/** Luma samples cut off in all; ITU-T H.264 §7.4.2.1.1. */
function readCropping(bits: BitReader, chroma: Chroma, fieldsPerMapUnit: number): PictureSize {
  if (!bits.flag()) return { width: 0, height: 0 };
  const [left, right, top, bottom] = [bits.exp(), bits.exp(), bits.exp(), bits.exp()];
  return {
    width: (left + right) * chroma.across,
    height: (top + bottom) * chroma.down * fieldsPerMapUnit,
  };
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
