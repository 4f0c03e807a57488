import { h263StartAt, readH263Picture } from './h263-picture.ts';
import { type Rfc2190Payload, readRfc2190 } from './rfc2190.ts';
import type { FinishedPicture, PayloadFormat } from './unit-assembler.ts';
import type { UnitBuffer } from './unit-buffer.ts';

/**
 * H.263 by RFC 2190, modes A, B and C; packets may be cut between bits.
 *
 * Before a hole all is kept, for packets end with a whole macroblock; after it
 * the next GOB with a header is waited for. A lost picture header is written
 * anew from what each payload header repeats of it.
 */
export class Rfc2190Format implements PayloadFormat {
  #isLost = false;
  #isDamaged = false;
  #temporalReference = 0;

  startsPicture(payload: Buffer): boolean {
    const read = readRfc2190(payload);
    return read !== undefined && h263StartAt(read.body, read.sbit) === 'picture';
  }

  add(payload: Buffer, unit: UnitBuffer, isAfterHole: boolean): void {
    const read = readRfc2190(payload);
    if (!read || isAfterHole || unit.length === 0) this.#isLost = true;
    if (!read) return;
    if (this.#isLost) this.#resume(read, unit);
    if (this.#isLost) this.#isDamaged = true;
    else unit.appendBits(read.body, read.sbit, read.ebit);
  }

  finish(unit: UnitBuffer): FinishedPicture {
    const picture = readH263Picture(unit.bytes);
    if (picture) this.#temporalReference = picture.temporalReference;
    else unit.clear();
    const isDamaged = this.#isDamaged || this.#isLost;
    this.#isDamaged = false;
    this.#isLost = false;
    return { isKeyframe: picture?.isIntra ?? false, isDamaged };
  }

  /** Goes on at a start code, if one begins here and there is a picture for it. */
  #resume(read: Rfc2190Payload, unit: UnitBuffer): void {
    const start = h263StartAt(read.body, read.sbit);
    if (start === undefined) return;
    if (start === 'group' && unit.length === 0) {
      const header = pictureHeader(read, (this.#temporalReference + 1) & 0xff);
      if (!header) return;
      unit.append(header);
      this.#isDamaged = true;
    }
    unit.alignToByte(); // zeros before a start code are stuffing, ITU-T H.263 §5.2.1
    this.#isLost = false;
  }
}

/** Any will do: GOBs with a header bring their own. */
const QUANTIZER = 10;

/** A picture header of 50 bits, zeros up to the byte; ITU-T H.263 §5.1. With PB-frames it would be longer. */
function pictureHeader(read: Rfc2190Payload, temporalReference: number): Buffer | undefined {
  if (read.hasPbFrames) return undefined;
  const fields: readonly (readonly [value: number, bits: number])[] = [
    [0x20, 22], // PSC
    [temporalReference, 8],
    [0b10000, 5], // PTYPE 1 to 5
    [read.sourceFormat, 3],
    [read.codingType, 1],
    [read.unrestrictedMotion, 1],
    [read.arithmeticCoding, 1],
    [read.advancedPrediction, 1],
    [0, 1], // no PB-frames
    [QUANTIZER, 5],
    [0, 2 + 6], // CPM, PEI, stuffing
  ];
  let header = 0n;
  for (const [value, bits] of fields) header = (header << BigInt(bits)) | BigInt(value);
  return Buffer.from(header.toString(16).padStart(14, '0'), 'hex');
}
