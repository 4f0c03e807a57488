import { BitReader, peekBits } from '../bit-reader.ts';
import type { PictureSize } from './facts.ts';

/** Picture header of H.263, as far as it matters here; ITU-T H.263 §5.1. */
export interface H263Picture {
  readonly isIntra: boolean;
  /** Undefined for a PLUSPTYPE that leaves out what did not change. */
  readonly size: PictureSize | undefined;
  readonly temporalReference: number;
  /** What an RFC 2190 header repeats; undefined for a PLUSPTYPE, which it cannot say. */
  readonly basic: H263BasicModes | undefined;
}

/** PTYPE bits 6 to 12, ITU-T H.263 §5.1.3; 1 is on, and of `codingType` INTER. */
export interface H263BasicModes {
  readonly sourceFormat: number;
  readonly codingType: number;
  readonly unrestrictedMotion: number;
  readonly arithmeticCoding: number;
  readonly advancedPrediction: number;
}

/** ITU-T H.263 table 2, by source format. */
const SIZES: readonly (PictureSize | undefined)[] = [
  undefined,
  { width: 128, height: 96 },
  { width: 176, height: 144 },
  { width: 352, height: 288 },
  { width: 704, height: 576 },
  { width: 1408, height: 1152 },
];
const EXTENDED_FORMAT = 7;
const CUSTOM_FORMAT = 6;
/** 16 zeros and a one begin pictures, GOBs and slices; ITU-T H.263 §5.1.1, §5.2.2, §K.2.1. */
const START_CODE_BITS = 17;
const PICTURE_START_BITS = 22;
const PICTURE_START = 0x20;

export type H263Start = 'picture' | 'group';

/** What begins at a bit: a picture, or a part of one (GOB, slice); undefined when neither does. */
export function h263StartAt(data: Buffer, atBit: number): H263Start | undefined {
  if (peekBits(data, atBit, START_CODE_BITS) !== 1) return undefined;
  return peekBits(data, atBit, PICTURE_START_BITS) === PICTURE_START ? 'picture' : 'group';
}

/** Reads the picture header that begins at a bit; undefined when there is none. */
export function readH263Picture(data: Buffer, atBit = 0): H263Picture | undefined {
  if (h263StartAt(data, atBit) !== 'picture') return undefined;
  try {
    return read(new BitReader(data, atBit + PICTURE_START_BITS));
  } catch {
    return undefined; // cut off within the header
  }
}

function read(bits: BitReader): H263Picture | undefined {
  const temporalReference = bits.bits(8);
  if (bits.bits(2) !== 0b10) return undefined; // a constant, which tells it from H.261
  bits.bits(3); // split screen, document camera, freeze release
  const sourceFormat = bits.bits(3);
  if (sourceFormat === EXTENDED_FORMAT) return { temporalReference, ...readPlus(bits) };
  const codingType = bits.bits(1);
  const basic = {
    sourceFormat,
    codingType,
    unrestrictedMotion: bits.bits(1),
    arithmeticCoding: bits.bits(1),
    advancedPrediction: bits.bits(1),
  };
  return { temporalReference, isIntra: codingType === 0, size: SIZES[sourceFormat], basic };
}

/** PLUSPTYPE, ITU-T H.263 §5.1.4. */
function readPlus(bits: BitReader): Omit<H263Picture, 'temporalReference'> {
  const hasOptions = bits.bits(3) === 1; // UFEP
  const sourceFormat = hasOptions ? bits.bits(3) : undefined;
  if (hasOptions) bits.bits(15); // the rest of OPPTYPE
  const isIntra = bits.bits(3) === 0;
  bits.bits(6); // the rest of MPPTYPE
  const hasSubBitstreams = bits.flag(); // CPM
  if (hasSubBitstreams) bits.bits(2); // PSBI
  const isCustom = sourceFormat === CUSTOM_FORMAT;
  const size = isCustom ? readCustomFormat(bits) : SIZES[sourceFormat ?? 0];
  return { isIntra, size, basic: undefined };
}

/** CPFMT, ITU-T H.263 §5.1.5. */
function readCustomFormat(bits: BitReader): PictureSize {
  bits.bits(4); // pixel aspect ratio
  const width = (bits.bits(9) + 1) * 4;
  bits.bits(1);
  return { width, height: bits.bits(9) * 4 };
}

/** Where pictures, GOBs and slices begin that begin at a byte, as those of FFmpeg's encoder do. */
export function h263StartsIn(data: Buffer): number[] {
  const starts: number[] = [];
  for (let at = data.indexOf(TWO_ZEROS); at >= 0; at = data.indexOf(TWO_ZEROS, at + 1))
    if (h263StartAt(data, at * 8)) starts.push(at);
  return starts;
}

const TWO_ZEROS = Buffer.from([0, 0]);
