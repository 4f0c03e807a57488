import { describe, expect, test } from 'vitest';
import { readH263 } from '../../../../src/sdp/h263.ts';
import { readH264 } from '../../../../src/sdp/h264.ts';
import {
  type AllowedPictures,
  type GroupLimits,
  groupFor,
  groupKey,
  rungs,
} from '../../../../src/stage/layout/groups.ts';
import { randomFrom } from './support.ts';

const ALL: AllowedPictures = { maxHeight: 1080, maxFps: 30 };
const HD25: AllowedPictures = { maxHeight: 720, maxFps: 25 };

/** Macroblocks per frame and second of levels, ITU-T H.264 Table A-1. */
const LEVELS = {
  '1': [99, 1_485],
  '1.1': [396, 3_000],
  '1.2': [396, 6_000],
  '1.3': [396, 11_880],
  '2.1': [792, 19_800],
  '3': [1_620, 40_500],
  '3.1': [3_600, 108_000],
  '4': [8_192, 245_760],
} as const;

function h264(level: keyof typeof LEVELS, kbps: number): GroupLimits {
  const [maxFs, maxMbps] = LEVELS[level];
  const maxBitrateBps = kbps * 1_000;
  return { codec: 'h264', packetizationMode: 1, maxFs, maxMbps, maxBitrateBps };
}

describe('a receiver gets', () => {
  test.each([
    ['2 Mbit/s', h264('3.1', 2_000), HD25, 'h264 1280x720@25 1500k mode1'],
    ['2 Mbit/s, 30 fps allowed', h264('3.1', 2_000), ALL, 'h264 1280x720@30 1500k mode1'],
    ['4 Mbit/s, level 4', h264('4', 4_000), ALL, 'h264 1920x1080@30 4000k mode1'],
    ['4 Mbit/s, level 4, 720p allowed', h264('4', 4_000), HD25, 'h264 1280x720@25 1500k mode1'],
    ['1 Mbit/s', h264('3.1', 1_000), HD25, 'h264 1280x720@25 900k mode1'],
    ['2 Mbit/s, level 3', h264('3', 2_000), HD25, 'h264 768x448@25 700k mode1'],
    [
      'a line of 512 kbit/s without its sound',
      h264('3.1', 448),
      HD25,
      'h264 768x448@25 420k mode1',
    ],
    ['the same, level 2.1', h264('2.1', 448), HD25, 'h264 512x288@25 300k mode1'],
    [
      'a line of 384 kbit/s without its sound',
      h264('3.1', 320),
      HD25,
      'h264 512x288@25 300k mode1',
    ],
    [
      'a line of 256 kbit/s without its sound',
      h264('3.1', 192),
      HD25,
      'h264 352x288@15 160k mode1',
    ],
    ['level 1.3', h264('1.3', 768), HD25, 'h264 352x288@25 256k mode1'],
    ['level 1.2', h264('1.2', 384), HD25, 'h264 352x288@15 160k mode1'],
    ['level 1.1', h264('1.1', 192), HD25, 'h264 176x144@15 64k mode1'],
    ['level 1', h264('1', 64), HD25, 'h264 176x144@15 64k mode1'],
    ['less than anything', { ...h264('1', 40), maxMbps: 990 }, HD25, 'h264 176x144@10 40k mode1'],
    ['nothing at all', { ...h264('1', 1), maxFs: 1, maxMbps: 1 }, HD25, 'h264 176x144@1 1k mode1'],
    [
      '25 fps, when 30 are allowed and too many',
      { ...h264('3.1', 2_000), maxMbps: 100_000 },
      ALL,
      'h264 1280x720@25 1500k mode1',
    ],
    [
      'a smaller picture rather than a slow one',
      { ...h264('3.1', 2_000), maxMbps: 60_000 },
      HD25,
      'h264 768x448@25 700k mode1',
    ],
    [
      'single NAL units',
      { ...h264('3.1', 2_000), packetizationMode: 0 },
      HD25,
      'h264 1280x720@25 1500k mode0',
    ],
    ['H.263', { ...h264('1.3', 2_000), codec: 'h263' }, ALL, 'h263 352x288@25 384k'],
    ['H.263+', { ...h264('1.3', 2_000), codec: 'h263-1998' }, ALL, 'h263-1998 352x288@25 384k'],
    ['slow H.263', { ...h264('1.2', 2_000), codec: 'h263' }, ALL, 'h263 352x288@15 256k'],
    [
      'CIF=2 of H.263',
      { ...h264('1.2', 384), codec: 'h263', ...readH263('CIF=2') },
      ALL,
      'h263 352x288@15 384k',
    ],
    [
      'CIF=3 of H.263',
      { ...h264('1.2', 384), codec: 'h263', ...readH263('CIF=3') },
      ALL,
      'h263 352x288@10 384k',
    ],
    [
      '15 a second at most',
      { ...h264('3.1', 2_000), maxFps: 15 },
      ALL,
      'h264 1280x720@15 1500k mode1',
    ],
    [
      '29.97 a second at most',
      { ...h264('3.1', 2_000), maxFps: 30_000 / 1001 },
      ALL,
      'h264 1280x720@30 1500k mode1',
    ],
    [
      'half a picture a second',
      { ...h264('3.1', 2_000), maxFps: 0.5 },
      ALL,
      'h264 176x144@1 64k mode1',
    ],
    ['QCIF alone of H.263', { ...h264('1', 2_000), codec: 'h263' }, ALL, 'h263 176x144@15 64k'],
  ] as const)('of %s', (_, limits, allowed, key) => {
    expect(groupKey(groupFor(limits, allowed))).toBe(key);
  });

  test('pixels as CIF has them, and square ones otherwise', () => {
    expect(groupFor(h264('1.3', 768), ALL).pixelAspect).toEqual({ num: 12, den: 11 });
    expect(groupFor(h264('3.1', 768), ALL).pixelAspect).toEqual({ num: 1, den: 1 });
  });

  test('a level of H.264 alone', () => {
    expect(groupFor(h264('3.1', 2_000), ALL).level).toBe('3.1');
    expect(groupFor({ ...h264('1', 64), codec: 'h263' }, ALL).level).toBeUndefined();
  });

  test('the same group whatever modes an H.263 line says', () => {
    const limits = { ...h264('1.3', 500), codec: 'h263' } as const;
    expect(groupFor({ ...limits, packetizationMode: 0 }, ALL)).toEqual(groupFor(limits, ALL));
  });
});

describe('rungs', () => {
  test('lead down from the best one to QCIF', () => {
    expect(rungs(h264('3.1', 1_000), HD25).map(groupKey)).toEqual([
      'h264 1280x720@25 900k mode1',
      'h264 768x448@25 700k mode1',
      'h264 768x448@25 420k mode1',
      'h264 512x288@25 300k mode1',
      'h264 352x288@25 256k mode1',
      'h264 352x288@15 160k mode1',
      'h264 352x288@15 112k mode1',
      'h264 176x144@15 64k mode1',
    ]);
  });

  test('are within what a receiver takes and what is allowed; each is lower than the one before', () => {
    const random = randomFrom(263);
    for (let round = 0; round < 1_000; round++) {
      const limits: GroupLimits = {
        codec: (['h264', 'h263', 'h263-1998'] as const)[Math.floor(random() * 3)] ?? 'h264',
        packetizationMode: random() < 0.5 ? 0 : 1,
        maxFs: 99 + Math.floor(random() ** 2 * 9_000),
        maxMbps: 1_485 + Math.floor(random() ** 2 * 300_000),
        maxBitrateBps: 10_000 + Math.floor(random() ** 2 * 6_000_000),
      };
      const allowed = random() < 0.5 ? ALL : HD25;
      const groups = rungs(limits, allowed);
      const wrong = groups.filter(({ width, height, fps, bitrateBps }, index) => {
        const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
        return (
          macroblocks > limits.maxFs ||
          macroblocks * fps > limits.maxMbps ||
          bitrateBps > limits.maxBitrateBps ||
          height > allowed.maxHeight ||
          fps > allowed.maxFps ||
          bitrateBps >= (groups[index - 1]?.bitrateBps ?? Number.POSITIVE_INFINITY)
        );
      });
      expect(wrong.map(groupKey), JSON.stringify(limits)).toEqual([]);
    }
  });

  test('of H.264 have the lowest level that holds them', () => {
    for (const maxFps of [25, 30] as const) {
      const allowed = { maxHeight: 1080, maxFps };
      for (const { width, height, fps, bitrateBps, level } of rungs(h264('4', 9_000), allowed)) {
        const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
        const holds = (idc: number) => {
          const limits = readH264(`profile-level-id=42e0${idc.toString(16).padStart(2, '0')}`);
          return (
            macroblocks <= limits.maxFs &&
            macroblocks * fps <= limits.maxMbps &&
            bitrateBps <= limits.maxBitrateBps
          );
        };
        const lowest = [10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40].find(holds);
        expect(`${width}x${height} ${Math.round(Number(level) * 10)}`).toBe(
          `${width}x${height} ${lowest}`,
        );
      }
    }
  });
});
