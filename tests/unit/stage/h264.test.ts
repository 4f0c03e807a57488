import { describe, expect, test } from 'vitest';
import { inspectPayload, splitAnnexB, splitStapA } from '../../../src/stage/rtp/h264.ts';
import { readSps } from '../../../src/stage/rtp/sps.ts';
import { fuA, IDR, IDR_SECOND_SLICE, NON_IDR, PPS, SPS, stapA } from './builders.ts';

describe('a payload', () => {
  test.each([
    ['single IDR', IDR, true],
    ['later slice of an IDR', IDR_SECOND_SLICE, false],
    ['single slice of another picture', NON_IDR, false],
    ['parameter sets alone', stapA(SPS, PPS), false],
    ['aggregate with an IDR', stapA(SPS, PPS, IDR), true],
    ['first fragment of an IDR', fuA(IDR, 'start'), true],
    ['first fragment of a later slice', fuA(IDR_SECOND_SLICE, 'start'), false],
    ['middle fragment of an IDR', fuA(IDR, 'middle'), false],
    ['first fragment of another picture', fuA(NON_IDR, 'start'), false],
    ['nothing', Buffer.alloc(0), false],
    ['a fragment without a body', Buffer.from([0x7c]), false],
  ])('%s: starts a key frame?', (_, payload, startsKeyframe) => {
    expect(inspectPayload(payload).startsKeyframe).toBe(startsKeyframe);
  });

  test('gives parameter sets, alone or in an aggregate', () => {
    expect(inspectPayload(SPS).sps).toEqual(SPS);
    expect(inspectPayload(PPS).pps).toEqual(PPS);
    expect(inspectPayload(stapA(SPS, PPS, IDR))).toMatchObject({ sps: SPS, pps: PPS });
  });

  test('damaged gives what comes before the damage', () => {
    const whole = stapA(SPS, PPS);
    expect(splitStapA(whole)).toEqual([SPS, PPS]);
    expect(splitStapA(whole.subarray(0, -1))).toEqual([SPS]);
    expect(splitStapA(Buffer.from([0x78, 0, 0, 1]))).toEqual([]);
  });
});

test('a byte stream is cut at start codes of either length', () => {
  const long = Buffer.from([0, 0, 0, 1]);
  const short = Buffer.from([0, 0, 1]);
  const stream = Buffer.concat([long, SPS, long, PPS, short, IDR, Buffer.from([0])]);
  expect(splitAnnexB(stream)).toEqual([SPS, PPS, IDR]);
});

describe('the size in an SPS', () => {
  // Written by x264 for pictures of these sizes.
  test.each([
    ['baseline 640x360', SPS.toString('hex'), 40 * 23],
    ['baseline 1280x720', '6742c01fd9005005bb011000000300100000030320f1832480', 80 * 45],
    ['main 352x288', '674d400deca0b04b6022000003000200000300641e28532c', 22 * 18],
    ['high 1280x720', '6764001facd9405005bb011000000300100000030320f1831960', 80 * 45],
    ['interlaced 1920x1080', '67640028acd94078044fde0220000003002000000643e2c5b2c0', 120 * 68],
  ])('%s', (_, hex, macroblocks) => {
    expect(readSps(Buffer.from(hex, 'hex'))?.macroblocks).toBe(macroblocks);
  });

  test('is unknown when the SPS is cut off or noise', () => {
    expect(readSps(SPS.subarray(0, 6))?.macroblocks).toBeUndefined();
    expect(readSps(Buffer.from([0x67]))?.macroblocks).toBeUndefined();
    expect(readSps(Buffer.alloc(40))?.macroblocks).toBeUndefined();
  });
});
