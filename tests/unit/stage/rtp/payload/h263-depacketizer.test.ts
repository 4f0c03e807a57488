import { describe, expect, test } from 'vitest';
import { readH263Picture } from '../../../../../src/stage/rtp/payload/h263-picture.ts';
import { readRfc2190 } from '../../../../../src/stage/rtp/payload/rfc2190.ts';
import { bits, bitText, field, pictureOf, unitsOf } from './builders.ts';

const PSC = '0000 0000 0000 0000 1 00000';
/** Start code of a GOB and eleven bits of something. */
const gob = (number: number, rest = '10110111011') =>
  `0000 0000 0000 0000 1 ${field(number, 5)} ${rest.padEnd(18, '01')}`;

interface Header {
  readonly temporalReference?: number;
  readonly sourceFormat?: number;
  readonly codingType?: number;
}

/** 50 bits and the first macroblocks: 56 in all. */
function picture({ temporalReference = 7, sourceFormat = 3, codingType = 0 }: Header = {}): string {
  const type = `10 000 ${field(sourceFormat, 3)} ${codingType} 000 0`;
  return `${PSC} ${field(temporalReference, 8)} ${type} 01010 0 0 110101`;
}

describe('a picture header', () => {
  test.each([
    ['sub-QCIF', 1, { width: 128, height: 96 }],
    ['QCIF', 2, { width: 176, height: 144 }],
    ['CIF', 3, { width: 352, height: 288 }],
    ['4CIF', 4, { width: 704, height: 576 }],
    ['16CIF', 5, { width: 1408, height: 1152 }],
    ['reserved', 6, undefined],
  ])('says %s', (_, sourceFormat, size) => {
    expect(readH263Picture(bits(picture({ sourceFormat })))?.size).toEqual(size);
  });

  test('says INTRA and INTER, its time, and its modes', () => {
    const read = readH263Picture(bits(`${PSC} 10000001 10 000 010 1 1 0 1 0 01010 0 0`));
    expect(read).toMatchObject({ isIntra: false, temporalReference: 129 });
    expect(read?.basic).toEqual({
      sourceFormat: 2,
      codingType: 1,
      unrestrictedMotion: 1,
      arithmeticCoding: 0,
      advancedPrediction: 1,
    });
    expect(readH263Picture(bits(picture()))?.isIntra).toBe(true);
  });

  const plus = (opptype: string, mpptype: string, rest: string) =>
    bits(PSC, '00000001 10 000 111', opptype, mpptype, rest);
  const options = '0 0 0 0 0 0 0 0 0 0 0 1 000';
  test.each([
    [
      'CIF, INTRA',
      `001 011 ${options}`,
      '000 000 001',
      '0 01010',
      true,
      { width: 352, height: 288 },
    ],
    [
      'QCIF, INTER',
      `001 010 ${options}`,
      '001 000 001',
      '0 01010',
      false,
      { width: 176, height: 144 },
    ],
    ['what was', '000', '001 000 001', '0 01010', false, undefined],
    [
      '640x360',
      `001 110 ${options}`,
      '000 000 001',
      `0 0001 ${field(159, 9)} 1 ${field(90, 9)}`,
      true,
      { width: 640, height: 360 },
    ],
    [
      '640x360 with CPM',
      `001 110 ${options}`,
      '000 000 001',
      `1 01 0001 ${field(159, 9)} 1 ${field(90, 9)}`,
      true,
      { width: 640, height: 360 },
    ],
  ])('with PLUSPTYPE says %s', (_, opptype, mpptype, rest, isIntra, size) => {
    const read = readH263Picture(plus(opptype, mpptype, rest));
    expect(read).toEqual({ temporalReference: 1, isIntra, size, basic: undefined });
  });

  test.each([
    ['cut off', bits(picture()).subarray(0, 4)],
    ['of a GOB', bits(gob(1))],
    ['of H.261', bits(PSC, '00000001 00')],
    ['missing', Buffer.alloc(0)],
  ])('%s is none', (_, data) => {
    expect(readH263Picture(data)).toBeUndefined();
  });
});

describe('a header of RFC 2190', () => {
  const body = 'deadbeef';
  const common = { sourceFormat: 3, arithmeticCoding: 0, body: Buffer.from(body, 'hex') };
  test.each([
    [
      'A',
      `0 0 101 011 011 1 0 0 1 0000 00 000 ${field(9, 8)}`,
      {
        mode: 'A',
        sbit: 5,
        ebit: 3,
        codingType: 1,
        unrestrictedMotion: 0,
        advancedPrediction: 1,
        hasPbFrames: false,
      },
    ],
    [
      'A with PB-frames',
      `0 1 000 000 011 0 1 0 0 0000 10 011 ${field(9, 8)}`,
      {
        mode: 'A',
        sbit: 0,
        ebit: 0,
        codingType: 0,
        unrestrictedMotion: 1,
        advancedPrediction: 0,
        hasPbFrames: true,
      },
    ],
    [
      'B',
      `1 0 001 111 011 01010 00101 ${field(20, 9)} 00 1 0 0 1 ${field(3, 28)}`,
      {
        mode: 'B',
        sbit: 1,
        ebit: 7,
        codingType: 1,
        unrestrictedMotion: 0,
        advancedPrediction: 1,
        hasPbFrames: false,
      },
    ],
    [
      'C',
      `1 1 001 111 011 01010 00101 ${field(20, 9)} 00 1 1 0 0 ${field(3, 28)} ${field(0, 19)} 01 010 ${field(8, 8)}`,
      {
        mode: 'C',
        sbit: 1,
        ebit: 7,
        codingType: 1,
        unrestrictedMotion: 1,
        advancedPrediction: 0,
        hasPbFrames: true,
      },
    ],
  ])('of mode %s', (_, header, expected) => {
    const payload = Buffer.concat([bits(header), common.body]);
    expect(readRfc2190(payload)).toEqual({ ...common, ...expected });
    expect(readRfc2190(payload.subarray(0, -4))).toBeUndefined();
  });
});

/** A payload in mode A or B of the bits from a place to another of a picture. */
function rfc2190(whole: string, from: number, to: number, mode: 'A' | 'B' = 'A'): Buffer {
  const text = whole.replaceAll(' ', '');
  const [sbit, ebit] = [from % 8, (8 - (to % 8)) % 8];
  // Bits of the neighbours, which must not get in.
  const cut = '1'.repeat(sbit) + text.slice(from, to) + '1'.repeat(ebit);
  const first = `${mode === 'A' ? '00' : '10'} ${field(sbit, 3)} ${field(ebit, 3)}`;
  const rest = mode === 'A' ? `011 0 0 0 0 0${field(0, 16)}` : `011 01010${field(0, 48)}`;
  return Buffer.concat([bits(first, rest), bits(cut)]);
}

describe('a picture by RFC 2190', () => {
  const whole = picture() + gob(1) + gob(2);
  const length = whole.replaceAll(' ', '').length; // 56 + 40 + 40

  test.each([
    [
      'GOBs',
      [
        [0, 56, 'A'],
        [56, 96, 'A'],
        [96, length, 'A'],
      ],
    ],
    [
      'macroblocks, cut between bits',
      [
        [0, 53, 'A'],
        [53, 91, 'B'],
        [91, 110, 'B'],
        [110, length, 'B'],
      ],
    ],
    [
      'pieces within one byte',
      [
        [0, 81, 'A'],
        [81, 84, 'B'],
        [84, 86, 'B'],
        [86, length, 'B'],
      ],
    ],
  ] as const)('in %s is joined to the bit', (_, cuts) => {
    const payloads = cuts.map(([from, to, mode]) => rfc2190(whole, from, to, mode));
    const [unit] = unitsOf('h263', pictureOf(payloads));
    expect(unit).toMatchObject({ isKeyframe: true, isWhole: true, followsLoss: false });
    expect(bitText(unit?.data ?? Buffer.alloc(0))).toBe(whole.replaceAll(' ', ''));
  });

  test('goes on at the next GOB after a hole', () => {
    const payloads = [
      rfc2190(whole, 0, 53),
      undefined,
      rfc2190(whole, 70, 96, 'B'),
      rfc2190(whole, 96, length),
    ];
    const [unit] = unitsOf('h263', pictureOf(payloads));
    const expected = `${picture().replaceAll(' ', '').slice(0, 53)}000${gob(2)}`.replaceAll(
      ' ',
      '',
    );
    expect(bitText(unit?.data ?? Buffer.alloc(0))).toBe(expected);
    expect(unit).toMatchObject({ isKeyframe: true, isWhole: false, followsLoss: false });
  });

  test('is given a header when its own was lost', () => {
    const units = unitsOf('h263', [
      { payload: rfc2190(whole, 0, 56), timestamp: 1, marker: true },
      { payload: rfc2190(whole, 56, 96), timestamp: 2, lost: 1 },
      { payload: rfc2190(whole, 96, length), timestamp: 2, marker: true },
    ]);
    const unit = units[1];
    expect(unit?.isWhole).toBe(false);
    expect(readH263Picture(unit?.data ?? Buffer.alloc(0))).toMatchObject({
      isIntra: true,
      temporalReference: 8,
      size: { width: 352, height: 288 },
    });
    expect(bitText(unit?.data.subarray(7) ?? Buffer.alloc(0))).toBe(
      (gob(1) + gob(2)).replaceAll(' ', ''),
    );
  });

  test('is dropped when neither header nor GOB came', () => {
    expect(unitsOf('h263', pictureOf([undefined, rfc2190(whole, 60, 90, 'B')]))).toEqual([]);
    expect(unitsOf('h263', pictureOf([Buffer.from([0, 0, 0, 0]), Buffer.alloc(3)]))).toEqual([]);
  });
});

/** A payload by RFC 4629; `extra` is a repeated picture header and its unused bits. */
function rfc4629(
  data: Buffer,
  isStart: boolean,
  extra: Buffer = Buffer.alloc(0),
  unused = 0,
  vrc = false,
): Buffer {
  const header = `00000 ${isStart ? 1 : 0} ${vrc ? 1 : 0} ${field(extra.length, 6)} ${field(unused, 3)}`;
  const body = isStart ? data.subarray(2) : data;
  return Buffer.concat([bits(header), Buffer.alloc(vrc ? 1 : 0, 0xff), extra, body]);
}

describe('a picture by RFC 4629', () => {
  const head = bits(picture());
  const [first, second] = [bits(gob(1)), bits(gob(2))];

  test.each([
    ['in one packet', [rfc4629(Buffer.concat([head, first, second]), true)]],
    ['in GOBs', [rfc4629(head, true), rfc4629(first, true), rfc4629(second, true)]],
    [
      'in pieces',
      [
        rfc4629(Buffer.concat([head, first.subarray(0, 3)]), true),
        rfc4629(first.subarray(3), false),
        rfc4629(second, true),
      ],
    ],
    [
      'with VRC',
      [rfc4629(Buffer.concat([head, first]), true, undefined, 0, true), rfc4629(second, true)],
    ],
    [
      'with the header repeated',
      [rfc4629(Buffer.concat([head, first]), true), rfc4629(second, true, head.subarray(2), 6)],
    ],
  ])('%s', (_, payloads) => {
    const data = Buffer.concat([head, first, second]);
    const expected = { data, timestamp: 0, isKeyframe: true, isWhole: true, followsLoss: false };
    expect(unitsOf('h263-1998', pictureOf(payloads))).toEqual([expected]);
  });

  test('goes on at the next GOB after a hole', () => {
    const payloads = [
      rfc4629(head, true),
      undefined,
      rfc4629(first.subarray(3), false),
      rfc4629(second, true),
    ];
    const [unit] = unitsOf('h263-1998', pictureOf(payloads));
    expect(unit).toMatchObject({
      data: Buffer.concat([head, second]),
      isWhole: false,
      followsLoss: false,
    });
  });

  test('takes a repeated header when its own was lost, without the unused bits', () => {
    const spoilt = Buffer.from(head.subarray(2));
    spoilt[4] = (spoilt[4] ?? 0) | 0x3f;
    const [unit] = unitsOf('h263-1998', pictureOf([undefined, rfc4629(second, true, spoilt, 6)]));
    const clean = Buffer.from(head);
    clean[6] = (clean[6] ?? 0) & 0xc0;
    expect(unit).toMatchObject({
      data: Buffer.concat([clean, second]),
      isKeyframe: true,
      isWhole: false,
    });
  });

  test.each([
    ['the header is lost', [undefined, rfc4629(second, true)]],
    ['a piece is all there is', [rfc4629(second, false)]],
    ['PLEN is longer than the payload', [Buffer.from([0x05, 0xf8, 1, 2])]],
    ['there is a header only', [Buffer.from([0x04, 0])]],
  ])('is dropped when %s', (_, payloads) => {
    expect(unitsOf('h263-1998', pictureOf(payloads))).toEqual([]);
  });
});
