import { expect, test } from 'vitest';
import { readSps } from '../../../../src/stage/rtp/sps.ts';
import { SPS } from '../builders.ts';

// Written by x264 for pictures of these sizes.
test.each([
  ['baseline', SPS.toString('hex'), [640, 360, 66, 0xc0, 30, 3]],
  ['baseline', '6742c01fd9005005bb011000000300100000030320f1832480', [1280, 720, 66, 0xc0, 31, 3]],
  ['main', '674d400deca0b04b6022000003000200000300641e28532c', [352, 288, 77, 0x40, 13, 4]],
  ['high', '6764001facd9405005bb011000000300100000030320f1831960', [1280, 720, 100, 0, 31, 4]],
  [
    'interlaced',
    '67640028acd94078044fde0220000003002000000643e2c5b2c0',
    [1920, 1080, 100, 0, 40, 4],
  ],
])('%s %s', (_, hex, [width, height, profileIdc, constraintFlags, levelIdc, maxNumRefFrames]) => {
  expect(readSps(Buffer.from(hex, 'hex'))).toMatchObject({
    ...{ width, height, profileIdc, constraintFlags, levelIdc, maxNumRefFrames },
  });
});

test('a damaged one says nothing', () => {
  expect(readSps(SPS.subarray(0, 8))).toBeUndefined();
  expect(readSps(Buffer.alloc(0))).toBeUndefined();
  expect(readSps(Buffer.alloc(40))).toBeUndefined();
});
