import { describe, expect, test } from 'vitest';
import { pictureBps, pictureLimits } from '../../../../src/web/room/network/picture-limits.ts';
import type { PictureStep } from '../../../../src/web/room/network/uplink.ts';

const MAX_BPS = 800_000;
const DOWN: readonly PictureStep[] = ['full', 'smaller', 'small', 'tiny'];

describe('a camera in one size, over a line that gets worse', () => {
  test('a small picture has a quarter of the pixels and of the bit rate', () => {
    expect(pictureLimits('small', 1, MAX_BPS)).toEqual([
      { active: true, scaleResolutionDownBy: 2, maxBitrate: 200_000 },
    ]);
  });

  test('takes less with every step', () => {
    const bps = DOWN.map(step => pictureBps(step, 1, MAX_BPS));
    expect(bps).toEqual([800_000, 400_000, 200_000, 96_000]);
  });
});

describe('a camera in two sizes, over a line that gets worse', () => {
  const sent = (step: PictureStep) =>
    pictureLimits(step, 2, MAX_BPS).map(({ active, scaleResolutionDownBy: scale }) =>
      active ? scale : 'off',
    );

  test('loses the full one first; then the small one gets less, and is not lost', () => {
    expect(DOWN.map(sent)).toEqual([
      [1, 2],
      ['off', 2],
      ['off', 2],
      ['off', 4],
    ]);
  });

  test('takes less with every step, and never more than it may', () => {
    const bps = DOWN.map(step => pictureBps(step, 2, MAX_BPS));
    expect(bps).toEqual([776_000, 200_000, 136_000, 96_000]);
  });

  test('a size that is not sent has limits that the browser takes', () => {
    expect(pictureLimits('tiny', 2, MAX_BPS)[0]?.maxBitrate).toBeGreaterThan(0);
  });
});
