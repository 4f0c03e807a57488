/** What the stage needs to know of H.264 in RTP, RFC 6184: no more than NAL unit types and the SPS. */

import { NO_FACTS, type PayloadFacts, type PictureSize } from './payload/facts.ts';
import { readSps } from './sps.ts';

export const NAL_SLICE = 1;
export const NAL_IDR = 5;
export const NAL_SEI = 6;
export const NAL_SPS = 7;
export const NAL_PPS = 8;
export const NAL_DELIMITER = 9;
export const STAP_A = 24;
export const FU_A = 28;

const START_CODE = Buffer.from([0, 0, 1]);

export function nalType(nal: Buffer): number {
  return (nal[0] ?? 0) & 0x1f;
}

/** NAL units of an Annex B byte stream, without start codes. */
export function splitAnnexB(stream: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = stream.indexOf(START_CODE); at >= 0; at = stream.indexOf(START_CODE, at + 3))
    starts.push(at + 3);
  return starts.map((start, index) => {
    const next = starts[index + 1];
    let end = next === undefined ? stream.length : next - 3;
    while (end > start && stream[end - 1] === 0) end -= 1;
    return stream.subarray(start, end);
  });
}

const KEYFRAME_START: PayloadFacts = { ...NO_FACTS, startsKeyframe: true };

/** Reads an RTP payload: single NAL unit, STAP-A or FU-A; RFC 6184 §5.2. Never throws. */
export function inspectPayload(payload: Buffer): PayloadFacts {
  const type = nalType(payload);
  if (type === NAL_SLICE || type === NAL_SEI) return NO_FACTS; // by far the most common
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
  if (!isStart || (header & 0x1f) !== NAL_IDR || !isFirstSlice(payload[2])) return NO_FACTS;
  return KEYFRAME_START;
}

function inspectNals(nals: readonly Buffer[]): PayloadFacts {
  const find = (type: number) => nals.find(nal => nalType(nal) === type);
  const startsKeyframe = nals.some(nal => nalType(nal) === NAL_IDR && isFirstSlice(nal[1]));
  const sps = find(NAL_SPS);
  return { startsKeyframe, sps, pps: find(NAL_PPS), size: sps && sizeOf(sps) };
}

function sizeOf(sps: Buffer): PictureSize | undefined {
  const facts = readSps(sps);
  return facts && { width: facts.width, height: facts.height };
}

/** `first_mb_in_slice` is 0, which ue(v) writes as a single set bit; ITU-T H.264 §7.3.3. */
export function isFirstSlice(firstByteOfHeader: number | undefined): boolean {
  return ((firstByteOfHeader ?? 0) & 0x80) !== 0;
}
