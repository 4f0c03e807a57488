import type { PictureSize } from './facts.ts';
import { buildH261PictureHeader, h261StartAt, readH261Payload, readH261Picture } from './h261.ts';
import { fillH261Gaps } from './h261-gaps.ts';
import type { FinishedPicture, PayloadFormat } from './unit-assembler.ts';
import type { UnitBuffer } from './unit-buffer.ts';

/**
 * H.261 by RFC 4587; packets may be cut between bits, pictures too.
 *
 * Before a hole all is kept, for packets end with a whole macroblock; after it
 * the next GOB is waited for, and empty ones stand for those lost. A lost picture
 * header is written anew in the size of the last one.
 *
 * H.261 has no key frames: whether all macroblocks of a picture are intra shows
 * only in decoding. The first picture of a stream is said to be one, for decoding
 * has to begin somewhere, and those which release a frozen picture, as encoders
 * mark what they send when asked for a whole one.
 */
export class H261Format implements PayloadFormat {
  #isLost = false;
  #isDamaged = false;
  #hasOwnHeader = false;
  #isFirst = true;
  #size: PictureSize | undefined;

  startsPicture(payload: Buffer): boolean {
    const read = readH261Payload(payload);
    return read !== undefined && h261StartAt(read.body, read.sbit) === 'picture';
  }

  add(payload: Buffer, unit: UnitBuffer, isAfterHole: boolean): void {
    const read = readH261Payload(payload);
    if (!read || isAfterHole || unit.length === 0) this.#isLost = true;
    if (!read) return;
    if (this.#isLost) this.#resume(h261StartAt(read.body, read.sbit), unit);
    if (this.#isLost) this.#isDamaged = true;
    else unit.appendBits(read.body, read.sbit, read.ebit);
  }

  finish(unit: UnitBuffer, isTorn: boolean): FinishedPicture {
    const picture = readH261Picture(unit.bytes);
    if (!picture) unit.clear();
    else if (isTorn || this.#isDamaged || this.#isLost) fillH261Gaps(unit, picture.size);
    const finished = {
      isKeyframe: this.#hasOwnHeader && (this.#isFirst || (picture?.releasesFreeze ?? false)),
      isDamaged: this.#isDamaged || this.#isLost,
    };
    if (picture) this.#size = picture.size;
    if (this.#hasOwnHeader) this.#isFirst = false;
    this.#isLost = false;
    this.#isDamaged = false;
    this.#hasOwnHeader = false;
    return finished;
  }

  /** Goes on at a start code, if one begins here and there is a picture for it. */
  #resume(start: 'picture' | 'group' | undefined, unit: UnitBuffer): void {
    if (start === undefined) return;
    if (start === 'picture') this.#hasOwnHeader = true;
    else if (unit.length === 0) {
      if (!this.#size) return;
      unit.append(buildH261PictureHeader(this.#size));
      this.#isDamaged = true;
    }
    this.#isLost = false;
  }
}
