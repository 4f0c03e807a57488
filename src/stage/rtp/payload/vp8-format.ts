import type { FinishedPicture, PayloadFormat } from './unit-assembler.ts';
import type { UnitBuffer } from './unit-buffer.ts';
import { readVp8Frame, readVp8Payload } from './vp8.ts';

/**
 * VP8 by RFC 7741. A torn frame is given up to its hole when the first partition
 * is whole, which holds modes and motion; without it nothing can be decoded.
 */
export class Vp8Format implements PayloadFormat {
  #isComplete = true;

  startsPicture(payload: Buffer): boolean {
    return readVp8Payload(payload)?.startsFrame ?? false;
  }

  add(payload: Buffer, unit: UnitBuffer, isAfterHole: boolean): void {
    const read = readVp8Payload(payload);
    const isFirst = unit.length === 0;
    if (isAfterHole || !read || read.startsFrame !== isFirst) this.#isComplete = false;
    if (read && this.#isComplete) unit.append(read.body);
  }

  finish(unit: UnitBuffer): FinishedPicture {
    const frame = readVp8Frame(unit.bytes);
    const isComplete = this.#isComplete;
    this.#isComplete = true;
    if (!frame || frame.firstPartitionEnd > unit.length) unit.clear();
    return { isKeyframe: frame?.isKeyframe ?? false, isDamaged: !isComplete };
  }
}
