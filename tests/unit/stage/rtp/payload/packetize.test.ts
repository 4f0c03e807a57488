import { describe, expect, test } from 'vitest';
import type { VideoCodec } from '../../../../../src/stage/rtp/payload/access-unit.ts';
import { packetize } from '../../../../../src/stage/rtp/payload/packetize.ts';
import { readRfc2190 } from '../../../../../src/stage/rtp/payload/rfc2190.ts';
import { IDR, NON_IDR, PPS, SPS, stapA } from '../../builders.ts';
import { bits, field, pictureOf, unitsOf } from './builders.ts';

const START_CODE = Buffer.from([0, 0, 0, 1]);
const annexB = (...nals: readonly Buffer[]) =>
  Buffer.concat(nals.flatMap(nal => [START_CODE, nal]));
const body = (length: number) => Buffer.alloc(length, 0x55);

/** What our own depacketizer makes of it again. */
function roundTrip(codec: VideoCodec, payloads: readonly Buffer[]) {
  return unitsOf(codec, pictureOf(payloads));
}

describe('H.264', () => {
  const mode1 = { maxPayloadBytes: 100, packetizationMode: 1 } as const;
  const mode0 = { maxPayloadBytes: 100, packetizationMode: 0 } as const;
  const large = Buffer.concat([IDR, body(300)]);

  test('in mode 1 puts parameter sets and what is small together', () => {
    const [payload, ...more] = packetize('h264', annexB(SPS, PPS, IDR), mode1);
    expect(more).toEqual([]);
    expect(payload).toEqual(stapA(SPS, PPS, IDR));
  });

  test('in mode 1 leaves what is alone alone', () => {
    expect(packetize('h264', annexB(NON_IDR), mode1)).toEqual([NON_IDR]);
  });

  test('fills aggregates up to the limit, and no further', () => {
    const half = Buffer.concat([NON_IDR, body(43)]); // 1 + 2 * (2 + 47) = 99
    const oneMore = Buffer.concat([NON_IDR, body(45)]);
    expect(packetize('h264', annexB(half, half), mode1)).toHaveLength(1);
    expect(packetize('h264', annexB(half, oneMore), mode1)).toHaveLength(2);
  });

  test('in mode 1 cuts what is large into pieces about as long', () => {
    const payloads = packetize('h264', annexB(SPS, PPS, large), mode1);
    const lengths = payloads.slice(1).map(payload => payload.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(8);
    expect(payloads.slice(1).map(payload => [payload[0], payload[1]])).toEqual([
      [0x7c, 0x85],
      [0x7c, 0x05],
      [0x7c, 0x05],
      [0x7c, 0x45],
    ]);
    expect(roundTrip('h264', payloads)[0]?.data).toEqual(annexB(SPS, PPS, large));
  });

  test('in mode 0 gives single NAL units, too large ones as they are', () => {
    expect(packetize('h264', annexB(SPS, PPS, large), mode0)).toEqual([SPS, PPS, large]);
  });

  test('leaves delimiters and filler out', () => {
    const [delimiter, filler] = [Buffer.from([9, 0x10]), Buffer.from([12, 0xff, 0x80])];
    expect(packetize('h264', annexB(delimiter, NON_IDR, filler), mode1)).toEqual([NON_IDR]);
  });

  test.each([[Buffer.alloc(0)], [body(20)], [START_CODE]])('nothing comes of nothing', unit => {
    expect(packetize('h264', unit, mode1)).toEqual([]);
  });
});

describe('VP8', () => {
  const options = { maxPayloadBytes: 100, packetizationMode: 1 } as const;
  const frame = Buffer.concat([Buffer.from([0x51, 0x01, 0]), body(247)]);

  test('says where a frame begins', () => {
    const payloads = packetize('vp8', frame, options);
    expect(payloads.map(payload => [payload[0], payload.length])).toEqual([
      [0x10, 85],
      [0x00, 85],
      [0x00, 83],
    ]);
    expect(roundTrip('vp8', payloads)).toMatchObject([{ data: frame, isWhole: true }]);
  });

  test('of no bytes is nothing', () => {
    expect(packetize('vp8', Buffer.alloc(0), options)).toEqual([]);
  });
});

/** A CIF picture, INTER, with unrestricted motion, of GOBs of these lengths. */
function picture(...lengths: readonly number[]): Buffer {
  const head = bits(
    '0000 0000 0000 0000 1 00000 00000001 10 000 011 1 1 0 0 0 01010 0 0',
    '010101',
  );
  const gobs = lengths.map((length, index) =>
    Buffer.concat([bits('0000 0000 0000 0000 1', field(index + 1, 5), '01'), body(length - 3)]),
  );
  return Buffer.concat([head, ...gobs]);
}

describe('H.263 by RFC 4629', () => {
  const options = { maxPayloadBytes: 100, packetizationMode: 1 } as const;
  const heads = (payloads: readonly Buffer[]) =>
    payloads.map(payload => payload.subarray(0, 3).toString('hex'));

  test('packs whole GOBs, and leaves two zeros out', () => {
    const unit = picture(40, 50, 60, 40, 30);
    const payloads = packetize('h263-1998', unit, options);
    expect(payloads.map(payload => payload.length)).toEqual([97, 100, 30]);
    expect(heads(payloads)).toEqual(['040080', '04008d', '040095']);
    expect(roundTrip('h263-1998', payloads)).toMatchObject([{ data: unit, isWhole: true }]);
  });

  test('cuts a GOB that is too large anywhere', () => {
    const unit = picture(30, 250, 30);
    const payloads = packetize('h263-1998', unit, options);
    expect(Math.max(...payloads.map(payload => payload.length))).toBeLessThanOrEqual(100);
    expect(heads(payloads).map(head => head.slice(0, 2))).toEqual(['04', '04', '00', '00', '04']);
    expect(roundTrip('h263-1998', payloads)).toMatchObject([{ data: unit, isWhole: true }]);
  });

  test.each([[Buffer.alloc(0)], [body(20)]])('nothing comes of what is no picture', unit => {
    expect(packetize('h263-1998', unit, options)).toEqual([]);
  });
});

describe('H.263 by RFC 2190', () => {
  const options = { maxPayloadBytes: 100, packetizationMode: 1 } as const;
  const modes = (payloads: readonly Buffer[]) =>
    payloads.map(payload => readRfc2190(payload)?.mode);

  test('packs whole GOBs in mode A, with the picture’s modes', () => {
    const unit = picture(40, 49, 60, 36, 30);
    const payloads = packetize('h263', unit, options);
    expect(payloads.map(payload => payload.length)).toEqual([100, 100, 34]);
    for (const payload of payloads)
      expect(readRfc2190(payload)).toMatchObject({
        mode: 'A',
        sbit: 0,
        ebit: 0,
        sourceFormat: 3,
        codingType: 1,
        unrestrictedMotion: 1,
        arithmeticCoding: 0,
        advancedPrediction: 0,
      });
    expect(roundTrip('h263', payloads)).toMatchObject([{ data: unit, isWhole: true }]);
  });

  test('leaves a GOB that is too large as it is where macroblocks are not known', () => {
    const payloads = packetize('h263', picture(30, 250, 30), options);
    expect(payloads.map(payload => payload.length)).toEqual([41, 254, 34]);
  });

  test('cuts it between macroblocks in mode B where they are', () => {
    const unit = picture(30, 250, 30);
    const info = (bit: number, address: number) => {
      const entry = Buffer.alloc(12);
      entry.writeUInt32LE(bit, 0);
      entry.set([9, 2], 4); // quantizer, GOB
      entry.writeUInt16LE(address, 6);
      entry.set([3, 0x7e, 0, 0xff], 8); // the last says -1 in eight bits
      return entry;
    };
    const macroblocks = Buffer.concat([
      info(37 * 8, 0),
      info(900, 4),
      info(1451, 9),
      info(2003, 15),
    ]);
    const payloads = packetize('h263', unit, { ...options, macroblocks });
    expect(modes(payloads)).toEqual(['A', 'A', 'B', 'B', 'B']);
    expect(Math.max(...payloads.map(payload => payload.length))).toBeLessThanOrEqual(100);
    const header = payloads[3]?.subarray(0, 8);
    const expected = bits(
      '1 0 011 101 011 01001 00010',
      field(9, 9),
      '00 1100',
      field(3, 7),
      '1111110',
      field(0, 7),
      '1111111',
    );
    expect(header).toEqual(expected);
    expect(roundTrip('h263', payloads)).toMatchObject([{ data: unit, isWhole: true }]);
  });

  test('has no words for PLUSPTYPE', () => {
    const plus = bits(
      '0000 0000 0000 0000 1 00000 00000001 10 000 111 000 000 000 001 0',
      field(0, 40),
    );
    expect(packetize('h263', plus, options)).toEqual([]);
    expect(packetize('h263', body(20), options)).toEqual([]);
  });
});
