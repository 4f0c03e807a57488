import { describe, expect, test } from 'vitest';
import { readVp8Payload } from '../../../../../src/stage/rtp/payload/vp8.ts';
import { pictureOf, unitsOf } from './builders.ts';

/** A key frame of 640x360 with a first partition of 20 bytes, 40 in all; RFC 6386 §9.1. */
const KEYFRAME = frame(0, 20, [0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01], 40);
const INTERFRAME = frame(1, 10, [], 30);

function frame(notKey: number, firstPartition: number, header: number[], length: number): Buffer {
  const tag = notKey | 0x10 | (firstPartition << 5);
  const start = [tag & 0xff, (tag >> 8) & 0xff, tag >> 16, ...header];
  return Buffer.from([...start, ...Array.from({ length }, (_, index) => index)]).subarray(
    0,
    length,
  );
}

const packet = (data: Buffer, from: number, to: number, descriptor = from === 0 ? 0x10 : 0) =>
  Buffer.concat([Buffer.from([descriptor]), data.subarray(from, to)]);

describe('the payload descriptor', () => {
  test.each([
    ['plain', '10', true],
    ['non-reference', '30', true],
    ['a later packet', '00', false],
    ['the start of another partition', '11', false],
    ['partition 7', '17', false],
    ['X alone', '9000', true],
    ['I of 7 bits', '90807f', true],
    ['I of 15 bits', '9080ffff', true],
    ['L', '904001', true],
    ['T', '902020', true],
    ['K', '901001', true],
    ['T and K share a byte', '903021', true],
    ['all, 7 bits', '90f0110122', true],
    ['all, 15 bits', '90f091110122', true],
  ])('%s', (_, descriptor, startsFrame) => {
    const body = Buffer.from('c0ffee', 'hex');
    const payload = Buffer.concat([Buffer.from(descriptor, 'hex'), body]);
    expect(readVp8Payload(payload)).toEqual({ startsFrame, body });
  });

  test.each(['', '10', '90', '9080', '908080', '90f091110122'])(
    'nothing follows %j',
    descriptor => {
      expect(readVp8Payload(Buffer.from(descriptor, 'hex'))).toBeUndefined();
    },
  );
});

describe('a frame', () => {
  test.each([
    ['key frame', KEYFRAME, true],
    ['interframe', INTERFRAME, false],
  ])('%s comes whole', (_, data, isKeyframe) => {
    const payloads = [packet(data, 0, 7), packet(data, 7, 20), packet(data, 20, 99)];
    const expected = { data, timestamp: 0, isKeyframe, isWhole: true, followsLoss: false };
    expect(unitsOf('vp8', pictureOf(payloads))).toEqual([expected]);
  });

  test('is given up to its hole when the first partition is whole', () => {
    const payloads = [packet(KEYFRAME, 0, 30), undefined, packet(KEYFRAME, 35, 40)];
    const [unit] = unitsOf('vp8', pictureOf(payloads));
    expect(unit).toMatchObject({
      data: KEYFRAME.subarray(0, 30),
      isKeyframe: true,
      isWhole: false,
    });
  });

  test.each([
    ['the first partition is cut', [packet(KEYFRAME, 0, 29), undefined, packet(KEYFRAME, 29, 40)]],
    ['the beginning is missing', [undefined, packet(KEYFRAME, 10, 40)]],
    ['it is shorter than a tag', [packet(KEYFRAME, 0, 2)]],
    ['the start code is another', [packet(frame(0, 1, [1, 2, 3, 0, 0, 0, 0], 40), 0, 40)]],
    [
      'its first packet is cut within the descriptor',
      [Buffer.from([0x90]), packet(KEYFRAME, 9, 40)],
    ],
  ])('is dropped when %s', (_, payloads) => {
    expect(unitsOf('vp8', pictureOf(payloads))).toEqual([]);
  });

  test('that begins twice is what came before', () => {
    const payloads = [packet(INTERFRAME, 0, 20), packet(INTERFRAME, 0, 30)];
    const [unit] = unitsOf('vp8', pictureOf(payloads));
    expect(unit).toMatchObject({
      data: INTERFRAME.subarray(0, 20),
      isWhole: false,
      followsLoss: false,
    });
  });
});
