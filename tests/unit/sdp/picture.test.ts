import { describe, expect, it } from 'vitest';
import { readH264 } from '../../../src/sdp/h264.ts';
import { fits, largestPicture, macroblocks } from '../../../src/sdp/picture.ts';

const size = (widthPx: number, heightPx: number) => ({ widthPx, heightPx });
const limitsOf = (fmtp: string) => readH264(fmtp);

describe('pain 1: what we send fits the decoder', () => {
  it.each<[widthPx: number, heightPx: number, blocks: number]>([
    [1280, 720, 3600],
    [1920, 1080, 8160],
    [640, 360, 920],
    [352, 288, 396],
    [177, 145, 120],
  ])('%d × %d has %d macroblocks', (widthPx, heightPx, blocks) => {
    expect(macroblocks(size(widthPx, heightPx))).toBe(blocks);
  });

  it.each<[fmtp: string, picture: [number, number, number], result: boolean]>([
    ['profile-level-id=42e01f', [1280, 720, 30], true],
    ['profile-level-id=42e01f', [1280, 720, 31], false],
    ['profile-level-id=42e01f', [1296, 720, 15], false],
    ['profile-level-id=42800d', [352, 288, 30], true],
    ['profile-level-id=42800d', [640, 360, 5], false],
    ['profile-level-id=42800d;max-fs=920;max-mbps=13800', [640, 360, 15], true],
    ['profile-level-id=42800d;max-fs=920;max-mbps=13800', [640, 360, 16], false],
    ['profile-level-id=42801f;max-fps=1500', [640, 360, 16], false],
    ['', [176, 144, 15], true],
    ['', [176, 144, 16], false],
  ])('%s takes %j: %s', (fmtp, [widthPx, heightPx, fps], result) => {
    expect(fits(size(widthPx, heightPx), fps, limitsOf(fmtp))).toBe(result);
  });

  it('a strip may have few macroblocks and be too long all the same', () => {
    expect(fits(size(3200, 16), 1, { maxFs: 396, maxMbps: 11_880 })).toBe(false);
    expect(fits(size(880, 16), 1, { maxFs: 396, maxMbps: 11_880 })).toBe(true);
  });

  it.each([
    [0, 0],
    [Number.NaN, 144],
    [-16, -16],
  ])('%d × %d is no picture', (widthPx, heightPx) => {
    expect(fits(size(widthPx, heightPx), 1, { maxFs: 396, maxMbps: 11_880 })).toBe(false);
  });
});

describe('the largest picture', () => {
  it.each<[fmtp: string, picture: string]>([
    ['profile-level-id=428028', '1920×1080@30'],
    ['profile-level-id=42e01f', '1280×720@30'],
    ['profile-level-id=42801e', '768×432@30'],
    ['profile-level-id=428016', '768×432@15'],
    ['profile-level-id=428014', '352×288@30'],
    ['profile-level-id=42800c', '352×288@15'],
    ['profile-level-id=42800b', '176×144@30'],
    ['', '176×144@15'],
    ['profile-level-id=42800d;max-fs=3600;max-mbps=54000', '1280×720@15'],
    ['profile-level-id=42800d;max-fs=3600;max-mbps=53999', '1024×576@23'],
    ['profile-level-id=42e01f;max-fps=2500', '1280×720@25'],
    ['profile-level-id=42e01f;max-fps=500', '1280×720@5'],
  ])('of %s is %s', (fmtp, picture) => {
    const { widthPx, heightPx, fps } = largestPicture(limitsOf(fmtp));
    expect(`${widthPx}×${heightPx}@${fps}`).toBe(picture);
  });

  it('fits, whatever the limits', () => {
    for (let maxFs = 99; maxFs < 9000; maxFs += 97)
      for (let maxMbps = 1485; maxMbps < 300_000; maxMbps = Math.ceil(maxMbps * 1.7)) {
        const { fps, ...picture } = largestPicture({ maxFs, maxMbps });
        expect(fits(picture, fps, { maxFs, maxMbps }), `${maxFs} ${maxMbps}`).toBe(true);
      }
  });
});
