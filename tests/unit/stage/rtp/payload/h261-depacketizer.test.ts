import { describe, expect, test } from 'vitest';
import { readH261Picture } from '../../../../../src/stage/rtp/payload/h261.ts';
import { bits, bitText, field, pictureOf, type Sent, unitsOf } from './builders.ts';

const header = (type: string) => `0000 0000 0000 0001 0000 00101 ${type} 0`.replaceAll(' ', '');
const CIF = header('000111');
const gob = (number: number) => `0000000000000001${field(number, 4)}01010010110111`;
/** GOBs without macroblocks, from a number to another. */
const empty = (from: number, to: number) =>
  Array.from(
    { length: to - from + 1 },
    (_, index) => `0000000000000001${field(from + index, 4)}000010`,
  ).join('');
const WHOLE = CIF + gob(1) + gob(2);

/** RFC 4587 §4.1; bits of the neighbours are set, and must not get in. */
function payloadOf(whole: string, from: number, to: number): Buffer {
  const [sbit, ebit] = [from % 8, (8 - (to % 8)) % 8];
  const head = `${field(sbit, 3)} ${field(ebit, 3)} 0 1 ${field(0, 24)}`;
  return Buffer.concat([
    bits(head),
    bits('1'.repeat(sbit) + whole.slice(from, to) + '1'.repeat(ebit)),
  ]);
}

const padded = (text: string) => text.padEnd(Math.ceil(text.length / 8) * 8, '0');
const text = (data: Buffer | undefined) => bitText(data ?? Buffer.alloc(0));

test.each([
  ['QCIF', '000011', { width: 176, height: 144 }, false],
  ['CIF', '000111', { width: 352, height: 288 }, false],
  ['CIF that releases a frozen picture', '001111', { width: 352, height: 288 }, true],
])('a picture header says %s', (_, type, size, releasesFreeze) => {
  expect(readH261Picture(bits(header(type)))).toEqual({ size, releasesFreeze });
  expect(readH261Picture(bits('111', header(type)), 3)).toEqual({ size, releasesFreeze });
});

describe('a picture', () => {
  test.each([
    ['in GOBs', [0, 32, 66, 100]],
    ['cut between bits', [0, 45, 71, 77, 100]],
    ['in pieces within one byte', [0, 65, 67, 70, 100]],
  ])('%s is joined to the bit', (_, cuts) => {
    const payloads = cuts.slice(1).map((to, index) => payloadOf(WHOLE, cuts[index] ?? 0, to));
    const [unit] = unitsOf('h261', pictureOf(payloads));
    expect(unit).toMatchObject({ isKeyframe: true, isWhole: true, followsLoss: false });
    expect(text(unit?.data)).toBe(padded(WHOLE));
  });

  test('that begins within a byte, after another, begins with a byte here', () => {
    const both = `10110${WHOLE}`;
    const [unit] = unitsOf('h261', pictureOf([payloadOf(both, 5, 50), payloadOf(both, 50, 105)]));
    expect(unit?.isWhole).toBe(true);
    expect(text(unit?.data)).toBe(padded(WHOLE));
  });

  test('goes on at the next GOB after a hole', () => {
    const payloads = [
      payloadOf(WHOLE, 0, 60),
      undefined,
      payloadOf(WHOLE, 62, 66),
      payloadOf(WHOLE, 66, 100),
    ];
    const [unit] = unitsOf('h261', pictureOf(payloads));
    expect(unit?.isWhole).toBe(false);
    expect(text(unit?.data)).toBe(padded(WHOLE.slice(0, 60) + gob(2) + empty(3, 12)));
  });

  test('has empty GOBs in place of lost ones', () => {
    const whole = CIF + [1, 2, 3, 4, 5].map(gob).join('');
    const payloads = [payloadOf(whole, 0, 66), undefined, payloadOf(whole, 168, 202)];
    const [unit] = unitsOf('h261', pictureOf(payloads));
    expect(text(unit?.data)).toBe(padded(CIF + gob(1) + empty(2, 4) + gob(5) + empty(6, 12)));
  });

  test('of QCIF has three GOBs', () => {
    const qcif = header('000011') + gob(1);
    const [unit] = unitsOf('h261', [
      { payload: payloadOf(qcif, 0, 66) },
      { payload: payloadOf(qcif, 50, 66), timestamp: 9, lost: 1 },
    ]);
    expect(text(unit?.data)).toBe(padded(qcif + empty(3, 3) + empty(5, 5)));
  });

  test('is given a header like the last when its own was lost', () => {
    const units = unitsOf('h261', [
      { payload: payloadOf(WHOLE, 0, 100), timestamp: 1, marker: true },
      { payload: payloadOf(WHOLE, 32, 100), timestamp: 2, marker: true, lost: 1 },
    ]);
    const data = units[1]?.data ?? Buffer.alloc(0);
    expect(units[1]).toMatchObject({ isWhole: false, isKeyframe: false });
    expect(readH261Picture(data)?.size).toEqual({ width: 352, height: 288 });
    expect(
      text(data)
        .slice(32)
        .startsWith(gob(1) + gob(2)),
    ).toBe(true);
  });

  test.each([
    ['there was none before and its header is lost', [undefined, payloadOf(WHOLE, 32, 100)]],
    ['no GOB begins', [undefined, payloadOf(WHOLE, 40, 60)]],
    ['payloads are cut off', [Buffer.from([0, 0, 0, 0]), Buffer.alloc(2)]],
    ['SBIT and EBIT leave nothing', [Buffer.from([0xfc, 0, 0, 0, 0xff])]],
  ])('is dropped when %s', (_, payloads) => {
    expect(unitsOf('h261', pictureOf(payloads))).toEqual([]);
  });
});

test('key frames are the first picture of a stream and those that release a frozen one', () => {
  const sent = (whole: string, timestamp: number, epoch = 1): Sent => ({
    payload: payloadOf(whole, 0, whole.length),
    timestamp,
    epoch,
    marker: true,
  });
  const units = unitsOf('h261', [
    sent(WHOLE, 1),
    sent(WHOLE, 2),
    sent(header('001111') + gob(1), 3),
    sent(WHOLE, 4),
    sent(WHOLE, 5, 2),
  ]);
  expect(units.map(unit => unit.isKeyframe)).toEqual([true, false, true, false, true]);
});
