import { beforeEach, describe, expect, test } from 'vitest';
import { BAN_TIMES_MS, Bans, sourceOf } from '../../../src/util/bans.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('bans', () => {
  let nowMs: number;
  let bans: Bans;

  beforeEach(() => {
    nowMs = 1_000_000;
    bans = new Bans({ limit: 3, windowMs: 60_000, now: () => nowMs });
  });

  test('come with the strike that is one too many, and end by themselves', () => {
    expect([1, 2].map(() => bans.strike('a', 'why'))).toEqual([undefined, undefined]);
    expect(bans.find('a')).toBeUndefined();
    const ban = bans.strike('a', 'why');
    expect(ban).toEqual({
      source: 'a',
      reason: 'why',
      sinceMs: nowMs,
      untilMs: nowMs + 60_000,
      count: 1,
    });
    expect(bans.find('b')).toBeUndefined();
    nowMs += 60_000;
    expect(bans.find('a')).toBeUndefined();
    expect(bans.list()).toEqual([]);
  });

  test('grow for who comes back, and begin anew after a day', () => {
    const lengths = [1, 2, 3, 4, 5, 6].map(() => {
      const { sinceMs, untilMs } = bans.ban('a', 'why');
      nowMs = untilMs;
      return untilMs - sinceMs;
    });
    expect(lengths).toEqual([...BAN_TIMES_MS, DAY_MS]);
    nowMs += DAY_MS;
    expect(bans.ban('a', 'why').count).toBe(1);
  });

  test('do not grow while they stand', () => {
    const first = bans.ban('a', 'why');
    nowMs += 1000;
    expect(bans.ban('a', 'other')).toBe(first);
    expect(bans.strike('a', 'why', 100)).toBeUndefined();
  });

  test('are not made by strikes that are far apart, or pardoned', () => {
    for (let i = 0; i < 10; i += 1) {
      expect(bans.strike('slow', 'why')).toBeUndefined();
      nowMs += 31_000;
    }
    for (let i = 0; i < 10; i += 1) {
      expect(bans.strike('good', 'why')).toBeUndefined();
      bans.forgive('good', 1);
    }
  });

  test('are lifted, with what led to them', () => {
    bans.ban('a', 'why');
    expect(bans.lift('a')).toBe(true);
    expect(bans.lift('a')).toBe(false);
    expect(bans.find('a')).toBeUndefined();
    expect(bans.ban('a', 'why').count).toBe(1);
  });

  test('are of the last 20,000 sources alone', () => {
    for (let i = 0; i <= 20_000; i += 1) bans.ban(`source-${i}`, 'why');
    expect(bans.find('source-0')).toBeUndefined();
    expect(bans.find('source-1')).toBeDefined();
    expect(bans.list()).toHaveLength(20_000);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:1:a:b:c:d', '2001:db8:0:1::/64'],
  ['2001:db8::7', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (host, source) => expect(sourceOf(host)).toBe(source));
