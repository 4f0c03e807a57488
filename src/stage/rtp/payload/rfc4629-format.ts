import { readH263Picture } from './h263-picture.ts';
import { LEFT_OUT_ZEROS, type Rfc4629Payload, readRfc4629, startsPicture } from './rfc4629.ts';
import type { FinishedPicture, PayloadFormat } from './unit-assembler.ts';
import type { UnitBuffer } from './unit-buffer.ts';

/**
 * H.263 by RFC 4629. Before a hole all is kept, for a decoder stops by itself at
 * the start code that follows; after it the next GOB or slice is waited for. A
 * lost picture header is taken from a payload that repeats it.
 */
export class Rfc4629Format implements PayloadFormat {
  #isLost = false;
  #isDamaged = false;

  startsPicture(payload: Buffer): boolean {
    const read = readRfc4629(payload);
    return read !== undefined && startsPicture(read);
  }

  add(payload: Buffer, unit: UnitBuffer, isAfterHole: boolean): void {
    const read = readRfc4629(payload);
    if (!read || isAfterHole || unit.length === 0) this.#isLost = true;
    if (!read) return;
    if (this.#isLost) this.#resume(read, unit);
    if (this.#isLost) {
      this.#isDamaged = true;
      return;
    }
    if (read.isStart) unit.append(LEFT_OUT_ZEROS);
    unit.append(read.body);
  }

  finish(unit: UnitBuffer): FinishedPicture {
    const picture = readH263Picture(unit.bytes);
    if (!picture) unit.clear();
    const isDamaged = this.#isDamaged || this.#isLost;
    this.#isDamaged = false;
    this.#isLost = false;
    return { isKeyframe: picture?.isIntra ?? false, isDamaged };
  }

  /** Goes on at a start code, if one begins here and there is a picture for it. */
  #resume(read: Rfc4629Payload, unit: UnitBuffer): void {
    if (!read.isStart) return;
    if (unit.length === 0 && !startsPicture(read)) {
      if (read.extraHeader.length === 0) return;
      unit.append(LEFT_OUT_ZEROS);
      unit.appendBits(read.extraHeader, 0, read.extraHeaderEbit);
      unit.alignToByte(); // zeros before a start code are stuffing, ITU-T H.263 §5.2.1
      this.#isDamaged = true;
    }
    this.#isLost = false;
  }
}
