import {
  FU_A,
  isFirstSlice,
  NAL_DELIMITER,
  NAL_IDR,
  NAL_PPS,
  NAL_SEI,
  NAL_SLICE,
  NAL_SPS,
  nalType,
  STAP_A,
  splitStapA,
} from '../h264.ts';
import type { FinishedPicture, PayloadFormat } from './unit-assembler.ts';
import type { UnitBuffer } from './unit-buffer.ts';

const START_CODE = Buffer.from([0, 0, 0, 1]);
const LAST_SINGLE_NAL = 23;
const BEFORE_SLICES: ReadonlySet<number> = new Set([NAL_SEI, NAL_SPS, NAL_PPS, NAL_DELIMITER]);

/**
 * H.264 by RFC 6184, packetization modes 0 and 1: single NAL units, STAP-A, FU-A.
 * What the interleaved mode adds (STAP-B, MTAP, FU-B) is never negotiated and left out.
 * Of a torn picture every NAL unit that came whole is given.
 */
export class H264Format implements PayloadFormat {
  /** Where the NAL unit begins whose fragments come in. */
  #fragmentedAt: number | undefined;
  #fragmentedType = 0;
  #isKeyframe = false;
  #isDamaged = false;

  startsPicture(payload: Buffer): boolean {
    const type = nalType(payload);
    if (type === FU_A) return isFirstFragmentOfPicture(payload);
    const first = type === STAP_A ? splitStapA(payload)[0] : payload;
    return first !== undefined && isFirstOfPicture(nalType(first), first[1]);
  }

  add(payload: Buffer, unit: UnitBuffer, isAfterHole: boolean): void {
    if (isAfterHole) this.#dropFragments(unit);
    if (nalType(payload) === FU_A) return this.#addFragment(payload, unit);
    this.#dropFragments(unit);
    if (nalType(payload) === STAP_A) this.#addAggregate(payload, unit);
    else this.#addNal(payload, unit);
  }

  finish(unit: UnitBuffer): FinishedPicture {
    this.#dropFragments(unit);
    const finished = { isKeyframe: this.#isKeyframe, isDamaged: this.#isDamaged };
    this.#isKeyframe = false;
    this.#isDamaged = false;
    return finished;
  }

  /** RFC 6184 §5.7.1. */
  #addAggregate(payload: Buffer, unit: UnitBuffer): void {
    const nals = splitStapA(payload);
    const bytes = nals.reduce((sum, nal) => sum + 2 + nal.length, 1);
    if (bytes !== payload.length || nals.length === 0) this.#isDamaged = true;
    for (const nal of nals) this.#addNal(nal, unit);
  }

  /** RFC 6184 §5.6. */
  #addNal(nal: Buffer, unit: UnitBuffer): void {
    const type = nalType(nal);
    if (type === 0 || type > LAST_SINGLE_NAL || isForbidden(nal)) {
      this.#isDamaged = true;
      return;
    }
    unit.append(START_CODE);
    unit.append(nal);
    this.#isKeyframe ||= type === NAL_IDR;
  }

  /** RFC 6184 §5.8. */
  #addFragment(payload: Buffer, unit: UnitBuffer): void {
    const [indicator, header] = payload;
    if (indicator === undefined || header === undefined) return this.#dropFragments(unit);
    const isStart = (header & 0x80) !== 0;
    const isEnd = (header & 0x40) !== 0;
    const type = header & 0x1f;
    if (isStart) {
      this.#dropFragments(unit);
      if (type === 0 || type > LAST_SINGLE_NAL || isForbidden(payload)) {
        this.#isDamaged = true;
        return;
      }
      this.#fragmentedAt = unit.length;
      this.#fragmentedType = type;
      unit.append(START_CODE);
      unit.append(Buffer.from([(indicator & 0x60) | type]));
    } else if (this.#fragmentedAt === undefined || this.#fragmentedType !== type) {
      this.#isDamaged = true;
      return this.#dropFragments(unit);
    }
    unit.append(payload.subarray(2));
    if (!isEnd) return;
    this.#fragmentedAt = undefined;
    this.#isKeyframe ||= type === NAL_IDR;
  }

  #dropFragments(unit: UnitBuffer): void {
    if (this.#fragmentedAt === undefined) return;
    unit.truncate(this.#fragmentedAt);
    this.#fragmentedAt = undefined;
    this.#isDamaged = true;
  }
}

function isFirstFragmentOfPicture(payload: Buffer): boolean {
  const header = payload[1] ?? 0;
  return (header & 0x80) !== 0 && isFirstOfPicture(header & 0x1f, payload[2]);
}

function isFirstOfPicture(type: number, firstByteOfHeader: number | undefined): boolean {
  if (type === NAL_SLICE || type === NAL_IDR) return isFirstSlice(firstByteOfHeader);
  return BEFORE_SLICES.has(type);
}

/** The sender, or something on the way, knows of bit errors; RFC 6184 §5.3. */
function isForbidden(nal: Buffer): boolean {
  return ((nal[0] ?? 0) & 0x80) !== 0;
}
