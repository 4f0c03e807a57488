import { describe, expect, it } from 'vitest';
import { ourH263, readH263 } from '../../../src/sdp/h263.ts';
import { largestPicture } from '../../../src/sdp/index.ts';

describe('what a decoder of H.263 or H.261 takes', () => {
  it.each<[fmtp: string, maxFs: number, maxMbps: number, maxBitrateBps?: number]>([
    ['CIF=1;QCIF=1', 396, 11_869],
    ['cif=1; qcif=1; maxbr=10880', 396, 11_869, 1_088_000],
    ['QCIF=1', 99, 2968],
    ['QCIF=2', 99, 1484],
    ['SQCIF=1', 99, 2968],
    ['CIF4=1;CIF=1;QCIF=1;SQCIF=1', 1584, 47_473],
    ['CIF4=2;CIF=1;QCIF=1', 1584, 23_737],
    ['4CIF=2;CIF=1', 1584, 23_737],
    ['CIF16=2;CIF=1', 6336, 94_946],
    ['CIF4=3;CIF=2;QCIF=1', 396, 5935],
    ['CIF=6;QCIF=1', 99, 2968],
    ['CIF=6', 396, 1979],
    ['QCIF=1/MaxBR=1920/', 99, 2968, 192_000],
    ['CIF = 1 QCIF = 1', 396, 11_869],
    ['CIF=1,QCIF=1', 396, 11_869],
    ['custom=1024,768,4;custom=352,240,1;cif=1;qcif=1', 396, 11_869],
    ['CUSTOM=640,480,2', 1200, 17_983],
    ['CUSTOM = 1280 , 720 , 3; CUSTOM=640, 368, 1', 920, 27_573],
    ['SQCIF=0;QCIF=1;CIF=1;CIF4=0', 396, 11_869],
    ['CIF=1;QCIF=1;F=1;I=1;J=1;T=1;K=1;N=1;P=1,3', 396, 11_869],
    ['', 396, 11_869],
    ['CIF=33;QCIF=x;MaxBR=0', 396, 11_869],
    ['CUSTOM=1;CUSTOM=0,0,1;CUSTOM=9,9', 396, 11_869],
    ['MaxBR=-4;cif', 396, 11_869],
  ])('%j', (fmtp, maxFs, maxMbps, maxBitrateBps) => {
    const { maxFps, ...limits } = readH263(fmtp);
    expect(limits).toEqual({ maxFs, maxMbps, ...(maxBitrateBps && { maxBitrateBps }) });
  });

  it.each<[fmtp: string, widthPx: number, fps: number]>([
    ['CIF=1;QCIF=1', 352, 29],
    ['CIF=2;QCIF=2', 352, 14],
    ['CIF=2;QCIF=1', 352, 14],
    ['CIF=6;QCIF=1', 176, 29],
    ['QCIF=1', 176, 29],
  ])('%j leaves a picture of %i pixels at %i a second', (fmtp, widthPx, fps) => {
    expect(largestPicture(readH263(fmtp))).toMatchObject({ widthPx, fps });
  });
});

describe('what we take', () => {
  it.each([
    [undefined, 'CIF=1;QCIF=1'],
    ['', 'CIF=1;QCIF=1'],
    ['CIF=2;QCIF=1;F=1;J=1', 'CIF=1;QCIF=1'],
    ['CIF4=2', 'CIF=1;QCIF=1'],
    ['QCIF=2;SQCIF=1', 'QCIF=1'],
    ['QCIF=2;CIF=0', 'QCIF=1'],
    ['CUSTOM=640,480,1', 'CIF=1;QCIF=1'],
    ['CUSTOM=176,144,1', 'QCIF=1'],
  ])('of %j is %s', (fmtp, ours) => {
    expect(ourH263(fmtp)).toBe(ours);
  });
});
