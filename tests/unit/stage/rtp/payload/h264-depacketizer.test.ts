import { describe, expect, test } from 'vitest';
import { fuA, IDR, IDR_SECOND_SLICE, NON_IDR, PPS, SPS, stapA } from '../../builders.ts';
import { pictureOf, unitsOf } from './builders.ts';

const START_CODE = Buffer.from([0, 0, 0, 1]);
const DELIMITER = Buffer.from([9, 0x10]);
const LONG = Buffer.from('41 9a 01 02 03 04 05 06 07'.replaceAll(' ', ''), 'hex');

const LONG_IDR = Buffer.concat([IDR, Buffer.from([1, 2, 3, 4, 5, 6])]);

/** A NAL unit in three fragments. */
const [HEAD, MIDDLE, TAIL] = fragments(LONG);

function fragments(nal: Buffer): [Buffer, Buffer, Buffer] {
  const piece = (from: number, to: number) =>
    Buffer.concat([nal.subarray(0, 1), nal.subarray(from, to)]);
  return [fuA(piece(1, 4), 'start'), fuA(piece(4, 6), 'middle'), fuA(piece(6, 99), 'end')];
}

const annexB = (...nals: readonly Buffer[]) =>
  Buffer.concat(nals.flatMap(nal => [START_CODE, nal]));

describe('a picture that comes whole', () => {
  test.each([
    ['single NAL units', [SPS, PPS, IDR], [SPS, PPS, IDR], true],
    ['an aggregate', [stapA(SPS, PPS, IDR)], [SPS, PPS, IDR], true],
    [
      'an aggregate, then single',
      [stapA(SPS, PPS), IDR, IDR_SECOND_SLICE],
      [SPS, PPS, IDR, IDR_SECOND_SLICE],
      true,
    ],
    ['a delimiter first', [DELIMITER, NON_IDR], [DELIMITER, NON_IDR], false],
    ['fragments', [HEAD, MIDDLE, TAIL], [LONG], false],
    ['fragments of an IDR', fragments(LONG_IDR), [LONG_IDR], true],
    [
      'fragments between others',
      [NON_IDR, HEAD, MIDDLE, TAIL, NON_IDR],
      [NON_IDR, LONG, NON_IDR],
      false,
    ],
  ])('%s', (_, payloads, nals, isKeyframe) => {
    const [unit, ...more] = unitsOf('h264', pictureOf(payloads));
    expect(more).toEqual([]);
    expect(unit).toEqual({
      data: annexB(...nals),
      timestamp: 0,
      isKeyframe,
      isWhole: true,
      followsLoss: false,
    });
  });
});

describe('of a picture with something missing or damaged come whole NAL units', () => {
  const typed = (type: number, ...rest: number[]) => Buffer.from([0x60 | type, ...rest]);
  test.each([
    ['the middle of fragments lost', [NON_IDR, HEAD, undefined, TAIL, NON_IDR], [NON_IDR, NON_IDR]],
    ['the head of fragments lost', [NON_IDR, undefined, MIDDLE, TAIL, NON_IDR], [NON_IDR, NON_IDR]],
    ['the tail of fragments lost', [NON_IDR, HEAD, MIDDLE, undefined, NON_IDR], [NON_IDR, NON_IDR]],
    ['a tail that never comes', [NON_IDR, HEAD, MIDDLE], [NON_IDR]],
    ['fragments that begin anew', [HEAD, HEAD, MIDDLE, TAIL], [LONG]],
    ['fragments of two kinds mixed', [NON_IDR, HEAD, fuA(IDR, 'end')], [NON_IDR]],
    ['a slice lost', [NON_IDR, undefined, LONG], [NON_IDR, LONG]],
    ['an aggregate cut off', [stapA(SPS, PPS).subarray(0, -1), NON_IDR], [SPS, NON_IDR]],
    ['an aggregate of nothing', [typed(24), NON_IDR], [NON_IDR]],
    ['a fragment without a body', [typed(28), NON_IDR], [NON_IDR]],
    ['a fragment of no type', [typed(28, 0x80, 1), NON_IDR], [NON_IDR]],
    ['a fragment of a fragment', [typed(28, 0x80 | 28, 1), NON_IDR], [NON_IDR]],
    ['STAP-B', [typed(25, 0, 0, 0, 2, 0x41, 1), NON_IDR], [NON_IDR]],
    ['MTAP16', [typed(26, 0, 0, 0, 5, 0, 0, 0, 0x41, 1), NON_IDR], [NON_IDR]],
    ['MTAP24', [typed(27, 0, 0), NON_IDR], [NON_IDR]],
    ['FU-B', [typed(29, 0x81, 0, 0, 1), NON_IDR], [NON_IDR]],
    ['type 0', [typed(0, 1), NON_IDR], [NON_IDR]],
    ['type 31', [typed(31, 1), NON_IDR], [NON_IDR]],
    ['a NAL unit said to have bit errors', [Buffer.from([0xe1, 0x9a]), NON_IDR], [NON_IDR]],
    ['fragments said to have bit errors', [Buffer.from([0xfc, 0x81, 0x9a]), NON_IDR], [NON_IDR]],
    ['an empty payload', [Buffer.alloc(0), NON_IDR], [NON_IDR]],
  ])('%s', (_, payloads, nals) => {
    const units = unitsOf('h264', pictureOf(payloads));
    const expected = {
      data: annexB(...nals),
      timestamp: 0,
      isKeyframe: false,
      isWhole: false,
      followsLoss: false,
    };
    expect(units).toEqual([expected]);
  });

  test('an IDR whose fragments are torn is no key frame', () => {
    const [head, , tail] = fragments(LONG_IDR);
    const [unit] = unitsOf('h264', pictureOf([stapA(SPS, PPS), head, undefined, tail]));
    expect(unit).toMatchObject({
      data: annexB(SPS, PPS),
      isKeyframe: false,
      isWhole: false,
      followsLoss: false,
    });
  });

  test('nothing comes where nothing is left', () => {
    expect(unitsOf('h264', pictureOf([HEAD, undefined, TAIL]))).toEqual([]);
  });
});

test('a picture after lost ones is whole when its own beginning came', () => {
  const isWhole = (first: Buffer) =>
    unitsOf('h264', [
      { payload: NON_IDR, timestamp: 0, marker: true },
      { payload: first, timestamp: 2, marker: true, lost: 3 },
    ]).at(-1)?.isWhole;
  expect(isWhole(NON_IDR)).toBe(true);
  expect(isWhole(SPS)).toBe(true);
  expect(isWhole(stapA(SPS, PPS))).toBe(true);
  expect(isWhole(Buffer.concat([NON_IDR.subarray(0, 1), Buffer.from([0x40, 1])]))).toBe(false);
});
