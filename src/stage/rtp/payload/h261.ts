import { BitReader, peekBits } from '../bit-reader.ts';
import type { PictureSize } from './facts.ts';

/** Payload header of H.261; RFC 4587 §4.1. What it says of macroblocks, the bit stream says too. */
export interface H261Payload {
  readonly sbit: number;
  readonly ebit: number;
  readonly body: Buffer;
}

const HEADER_BYTES = 4;

/** Undefined when the payload ends within the header or right behind it. */
export function readH261Payload(payload: Buffer): H261Payload | undefined {
  if (payload.length <= HEADER_BYTES) return undefined;
  const first = payload[0] ?? 0;
  return { sbit: first >> 5, ebit: (first >> 2) & 7, body: payload.subarray(HEADER_BYTES) };
}

const START_CODE_BITS = 16;
const PICTURE_START_BITS = 20;
const PICTURE_START = 0x10;

/** What begins at a bit: a picture or a GOB, ITU-T H.261 §4.2.1.1, §4.2.2.1; undefined when neither does. */
export function h261StartAt(data: Buffer, atBit: number): 'picture' | 'group' | undefined {
  if (peekBits(data, atBit, START_CODE_BITS) !== 1) return undefined;
  return peekBits(data, atBit, PICTURE_START_BITS) === PICTURE_START ? 'picture' : 'group';
}

/** Picture header, ITU-T H.261 §4.2.1. */
export interface H261Picture {
  readonly size: PictureSize;
  /** The encoder says that it has answered a request for a whole picture; §4.3.3. */
  readonly releasesFreeze: boolean;
}

const QCIF: PictureSize = { width: 176, height: 144 };
const CIF: PictureSize = { width: 352, height: 288 };

/** Reads the picture header that begins at a bit; undefined when there is none. */
export function readH261Picture(data: Buffer, atBit = 0): H261Picture | undefined {
  if (h261StartAt(data, atBit) !== 'picture') return undefined;
  try {
    const bits = new BitReader(data, atBit + PICTURE_START_BITS);
    bits.bits(5 + 2); // temporal reference, split screen, document camera
    const releasesFreeze = bits.flag();
    return { releasesFreeze, size: bits.flag() ? CIF : QCIF };
  } catch {
    return undefined; // cut off within the header
  }
}

/** A picture header as long as its fields, 32 bits, without extra information; ITU-T H.261 §4.2.1. */
export function buildH261PictureHeader(size: PictureSize): Buffer {
  const isCif = size.width === CIF.width;
  const type = 0b000011 | (isCif ? 0b000100 : 0); // still-image mode is off, the spare bit set
  return Buffer.from([0, 1, 0, type << 1]);
}

/** GOBs of a picture; ITU-T H.261 figure 6. */
export function h261GroupNumbers(size: PictureSize): readonly number[] {
  return size.width === CIF.width ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] : [1, 3, 5];
}

/** A GOB header of 26 bits without macroblocks, as `UnitBuffer.appendBits` takes it; ITU-T H.261 §4.2.2. */
export function buildH261EmptyGroup(number: number): [bytes: Buffer, skip: number, drop: number] {
  const quantizer = 1; // of no meaning, but not 0
  return [Buffer.from([0, 1, (number << 4) | (quantizer >> 1), (quantizer & 1) << 7]), 0, 6];
}
