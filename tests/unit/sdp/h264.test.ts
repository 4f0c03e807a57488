import { describe, expect, it } from 'vitest';
import { readH264 } from '../../../src/sdp/h264.ts';

describe('limits of the level', () => {
  it.each<[profileLevelId: string, maxFs: number, maxMbps: number, maxBitrateBps: number]>([
    ['42000a', 99, 1485, 64_000],
    ['420009', 99, 1485, 128_000],
    ['42100b', 99, 1485, 128_000], // constraint_set3: 1b
    ['64100b', 396, 3000, 192_000], // in high profile that bit means something else
    ['42800c', 396, 6000, 384_000],
    ['42800d', 396, 11_880, 768_000],
    ['428014', 396, 11_880, 2_000_000],
    ['428016', 1620, 20_250, 4_000_000],
    ['42e01f', 3600, 108_000, 14_000_000],
    ['428028', 8192, 245_760, 20_000_000],
    ['640034', 36_864, 2_073_600, 240_000_000],
    ['420017', 1620, 20_250, 4_000_000], // 2.3 does not exist: the level below
    ['4200ff', 139_264, 16_711_680, 800_000_000],
    ['420000', 99, 1485, 64_000],
  ])('%s', (profileLevelId, maxFs, maxMbps, maxBitrateBps) => {
    const read = readH264(`profile-level-id=${profileLevelId}`);
    expect(read).toMatchObject({ profileLevelId, maxFs, maxMbps, maxBitrateBps });
  });
});

describe('fmtp', () => {
  it('means baseline level 1 and mode 0 when it says nothing', () => {
    expect(readH264('')).toEqual({
      profileLevelId: '42000a',
      packetizationMode: 0,
      maxFs: 99,
      maxMbps: 1485,
      maxBitrateBps: 64_000,
      levelAsymmetryAllowed: false,
    });
  });

  it.each([
    ['profile-level-id=42E01F;packetization-mode=1;level-asymmetry-allowed=1', 'in capitals'],
    [' profile-level-id = 42e01f ; packetization-mode = 1;level-asymmetry-allowed=1', 'spaced'],
    ['Profile-Level-Id=42e01f PACKETIZATION-MODE=1 level-asymmetry-allowed=1', 'no semicolons'],
    ['profile-level-id=42e01f;;packetization-mode=1;;level-asymmetry-allowed=1;', 'empty parts'],
  ])('%s is read (%s)', fmtp => {
    expect(readH264(fmtp)).toMatchObject({
      profileLevelId: '42e01f',
      packetizationMode: 1,
      levelAsymmetryAllowed: true,
    });
  });

  it('raises limits by max-*, and never lowers them', () => {
    const raised = readH264('profile-level-id=42800d;max-fs=1344;max-mbps=40500;max-br=906');
    expect(raised).toMatchObject({ maxFs: 1344, maxMbps: 40_500, maxBitrateBps: 906_000 });
    const lower = readH264('profile-level-id=42e01f;max-fs=1;max-mbps=1;max-br=1');
    expect(lower).toMatchObject({ maxFs: 3600, maxMbps: 108_000, maxBitrateBps: 14_000_000 });
  });

  it.each(['max-fs=NaN', 'max-fs=-5', 'max-fs=1e999', 'max-fs=9.5', 'max-fs=', 'max-fs'])(
    'ignores %s',
    fmtp => {
      expect(readH264(`profile-level-id=42800d;${fmtp}`).maxFs).toBe(396);
    },
  );

  it.each(['zzzzzz', '42e0', '42e01f00', ''])('takes %j for no profile-level-id', text => {
    expect(readH264(`profile-level-id=${text}`).profileLevelId).toBe('42000a');
  });
});
