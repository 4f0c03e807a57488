import { describe, expect, test } from 'vitest';
import { canPass } from '../../../../src/stage/scene/passing.ts';

const LIMITS = {
  packetizationMode: 1,
  profileLevelId: '42e01f',
  maxFs: 3_600,
  maxMbps: 108_000,
  maxBitrateBps: 1_000_000,
};

interface Case {
  readonly codec?: string;
  readonly hasFragments?: boolean;
  readonly macroblocks?: number;
  readonly profileIdc?: number;
  readonly bitrateBps?: number;
  readonly fps?: number;
  readonly receiver?: string;
  readonly limits?: Partial<typeof LIMITS> & { readonly maxFps?: number };
  readonly cap?: { readonly maxBitrateBps: number; readonly reason: string };
  readonly shown?: 'passed' | 'in a canvas';
}

function passes(one: Case): boolean {
  const { codec = 'h264', hasFragments = true, macroblocks = 920, bitrateBps = 900_000 } = one;
  const spsFacts = one.profileIdc === undefined ? undefined : { profileIdc: one.profileIdc };
  const stream = { macroblocks, spsFacts };
  const { fps = 25 } = one;
  const source = { id: 's', codec, hasFragments, meanBitrateBps: bitrateBps, fps, stream };
  const limits = { ...LIMITS, ...one.limits };
  const endpoint = {
    terms: { codec: one.receiver ?? 'h264', limits },
    rate: one.cap ?? { maxBitrateBps: limits.maxBitrateBps, reason: 'negotiated' },
    picture: {
      shownId: one.shown ? 's' : null,
      canvas: one.shown === 'in a canvas' ? {} : undefined,
    },
  };
  return canPass(source as never, endpoint as never);
}

const LOSS = { maxBitrateBps: 1_000_000, reason: 'loss' };

describe('a camera is passed on as it is', () => {
  test.each<[string, Case]>([
    ['when it fits', {}],
    ['when nothing is known of its size yet', { macroblocks: 0 }],
    ['when it is a little livelier than was negotiated', { bitrateBps: 1_240_000 }],
    [
      'when it is passed on already, and livelier still',
      { bitrateBps: 1_400_000, shown: 'passed' },
    ],
    [
      'to a receiver of mode 0 when it comes in single NAL units',
      {
        hasFragments: false,
        limits: { packetizationMode: 0 },
      },
    ],
    [
      'of main profile to one that takes high',
      {
        profileIdc: 77,
        limits: { profileLevelId: '640c1f' },
      },
    ],
    ['of baseline to whomever', { profileIdc: 66 }],
    ['at a rate that is counted a little too high', { macroblocks: 3_600, fps: 32 }],
    ['to who takes so many a second', { fps: 16, limits: { maxFps: 15 } }],
  ])('%s', (_, one) => expect(passes(one)).toBe(true));
});

describe('a camera is composed', () => {
  test.each<[string, Case]>([
    ['when it is not H.264', { codec: 'vp8' }],
    ['when the receiver takes H.263', { receiver: 'h263' }],
    ['when it is too large', { macroblocks: 3_601 }],
    ['when it is too large for the rate', { limits: { maxMbps: 20_000 } }],
    ['when it sends more a second than others', { macroblocks: 3_600, fps: 60 }],
    ['when the receiver takes fewer a second', { limits: { maxFps: 15 } }],
    ['when its fragments are not understood', { limits: { packetizationMode: 0 } }],
    ['of high profile to one that takes baseline', { profileIdc: 100 }],
    ['of a profile nobody knows', { profileIdc: 244, limits: { profileLevelId: '640c1f' } }],
    ['when it is much livelier than was negotiated', { bitrateBps: 1_260_000 }],
    ['when the line is poor, without tolerance', { bitrateBps: 1_010_000, cap: LOSS }],
    [
      'when the largest of a canvas is it, which is not passed on',
      {
        bitrateBps: 1_400_000,
        shown: 'in a canvas',
      },
    ],
  ])('%s', (_, one) => expect(passes(one)).toBe(false));
});
