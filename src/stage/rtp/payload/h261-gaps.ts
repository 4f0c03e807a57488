import { peekBits } from '../bit-reader.ts';
import type { PictureSize } from './facts.ts';
import { buildH261EmptyGroup, h261GroupNumbers } from './h261.ts';
import type { UnitBuffer } from './unit-buffer.ts';

interface Group {
  readonly bit: number;
  readonly number: number;
}

/** Zeros of a start code, before its one; ITU-T H.261 §4.2.2.1. */
const START_ZEROS = 15;
const NUMBER_BITS = 4;

/**
 * Puts an empty GOB where one is missing: a decoder then takes its macroblocks from the
 * picture before, as it does with all that is not coded. Left out altogether they would
 * be whatever its memory held. ITU-T H.261 §4.2.3.
 */
export function fillH261Gaps(unit: UnitBuffer, size: PictureSize): void {
  const endBit = unit.bitLength;
  const coded = unit.take();
  const groups = groupsIn(coded);
  const copy = (from: number, to: number) => appendRange(unit, coded, from, to);
  const numbers = h261GroupNumbers(size);
  let previous = 0;
  const fillUpTo = (next: number) => {
    for (const number of numbers)
      if (number > previous && number < next) unit.appendBits(...buildH261EmptyGroup(number));
    previous = next;
  };
  copy(0, groups[0]?.bit ?? endBit); // the picture header
  for (const [index, group] of groups.entries()) {
    fillUpTo(group.number);
    copy(group.bit, groups[index + 1]?.bit ?? endBit);
  }
  fillUpTo(Number.POSITIVE_INFINITY);
}

function groupsIn(coded: Buffer): Group[] {
  const groups: Group[] = [];
  let zeros = 0;
  for (let bit = 0; bit < coded.length * 8; bit++) {
    const isOne = (((coded[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
    const number =
      isOne && zeros >= START_ZEROS ? peekBits(coded, bit + 1, NUMBER_BITS) : undefined;
    if (number) groups.push({ bit: bit - START_ZEROS, number }); // 0 is the picture's own
    zeros = isOne ? 0 : zeros + 1;
  }
  return groups;
}

function appendRange(unit: UnitBuffer, coded: Buffer, from: number, to: number): void {
  unit.appendBits(coded.subarray(from >> 3, (to + 7) >> 3), from & 7, -to & 7);
}
