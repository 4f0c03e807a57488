import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IceRepair } from '../../../../src/web/room/network/ice-repair.ts';
import { hasSlept, livenessOf } from '../../../../src/web/room/network/liveness.ts';
import { Retries, retryDelayMs } from '../../../../src/web/room/network/retries.ts';
import { troubleOf } from '../../../../src/web/room/network/trouble.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a media connection in trouble', () => {
  let told: string[];
  let repair: IceRepair;

  beforeEach(() => {
    told = [];
    repair = new IceRepair({
      restart: async () => void told.push('restart'),
      onTrouble: isTroubled => told.push(isTroubled ? 'trouble' : 'well'),
      onLost: () => told.push('lost'),
    });
  });

  test('is left alone for three seconds, as most come back by themselves', () => {
    repair.heard('disconnected');
    vi.advanceTimersByTime(2900);
    repair.heard('connected');
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['trouble', 'well']);
  });

  test('is restarted then, and is well when that helps', () => {
    repair.heard('disconnected');
    vi.advanceTimersByTime(3000);
    repair.heard('checking');
    repair.heard('connected');
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['trouble', 'trouble', 'restart', 'well']);
  });

  test('is restarted at once when the browser gives it up, and lost when that does not help', () => {
    repair.heard('failed');
    expect(told).toEqual(['trouble', 'restart']);
    vi.advanceTimersByTime(8000);
    expect(told).toEqual(['trouble', 'restart', 'lost']);
    repair.heard('connected');
    expect(told.at(-1)).toBe('lost');
  });

  test('is restarted when it goes another way, which is nobody’s trouble; once, where it is anyway', () => {
    repair.moved();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['restart']);
    repair.heard('failed');
    repair.moved();
    expect(told).toEqual(['restart', 'trouble', 'restart']);
    repair.close();
    repair.moved();
    expect(told).toHaveLength(3);
  });

  test('is nobody’s trouble once it was closed', () => {
    repair.heard('disconnected');
    repair.close();
    repair.heard('failed');
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['trouble']);
  });
});

describe('a server that says nothing', () => {
  test.each([
    [3000, 'alive'],
    [7500, 'alive'],
    [8000, 'silent'],
    [15_000, 'silent'],
    [15_001, 'dead'],
  ])('for %i ms is %s', (silentMs, expected) => {
    expect(livenessOf({ heardAtMs: 0, wokeAtMs: undefined }, silentMs)).toBe(expected);
  });

  test('after sleep has six seconds to answer, however long the night was', () => {
    const woken = { heardAtMs: 0, wokeAtMs: 8 * 3_600_000 };
    expect(livenessOf(woken, woken.wokeAtMs + 6000)).toBe('silent');
    expect(livenessOf(woken, woken.wokeAtMs + 6001)).toBe('dead');
    expect(livenessOf({ ...woken, heardAtMs: woken.wokeAtMs + 10 }, woken.wokeAtMs + 7000)).toBe(
      'alive',
    );
  });

  test('a clock that jumps has slept; one that is a little late has not', () => {
    expect(hasSlept(0, 60_000)).toBe(true);
    expect(hasSlept(0, 3000)).toBe(false);
  });
});

describe('joining again', () => {
  const DELAYS = [500, 900, 1620, 2916, 3000, 3000];

  test.each(DELAYS.map((delayMs, tries) => [tries, delayMs]))(
    'after %i tries waits %i ms where nobody answers',
    (tries, delayMs) => {
      expect(retryDelayMs(tries, 'unreachable', 0.5)).toBe(delayMs);
    },
  );

  test('waits longer for a server that refuses, and never just as long as another page', () => {
    expect(retryDelayMs(20, 'refused', 0.5)).toBe(10_000);
    expect([retryDelayMs(20, 'refused', 0), retryDelayMs(20, 'refused', 1)]).toEqual([
      7000, 13_000,
    ]);
  });

  const retrying = (answers: boolean[], joins: boolean[]) => {
    const told: string[] = [];
    const retries = new Retries({
      probe: async () => answers.shift() ?? false,
      attempt: async () => {
        told.push('join');
        if (!joins.shift()) throw new Error('not now');
      },
      onTry: () => told.push('try'),
      onWait: cause => told.push(cause),
    });
    return { told, retries };
  };

  test('asks first whether the server is there, and ends with the first join that works', async () => {
    const { told, retries } = retrying([false, true, true], [false, true]);
    retries.begin();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['try', 'unreachable', 'try', 'join', 'refused', 'try', 'join']);
  });

  test('does not wait when there is a network again', async () => {
    const { told, retries } = retrying([true], [true]);
    retries.begin();
    retries.now();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(['try', 'join']);
    retries.now();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['try', 'join']);
  });

  test('what an older try says is not heard once it was stopped', async () => {
    const { told, retries } = retrying([false], []);
    retries.begin();
    retries.now();
    retries.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['try']);
  });
});

describe('what the person is told', () => {
  const well = {
    isOnline: true,
    isConnected: true,
    isSilent: false,
    troubledMedia: 0,
    retry: undefined,
  };
  const retry = { cause: 'unreachable', atMs: 5 } as const;

  test.each([
    [{}, undefined],
    [{ troubledMedia: 2 }, { kind: 'media' }],
    [{ troubledMedia: 2, isSilent: true }, { kind: 'silent' }],
    [{ isConnected: false }, { kind: 'joining' }],
    [
      { isConnected: false, retry },
      { kind: 'waiting', cause: 'unreachable', retryAtMs: 5 },
    ],
    [{ isConnected: false, retry, isOnline: false }, { kind: 'offline' }],
  ])('of %o is %o', (facts, expected) => {
    expect(troubleOf({ ...well, ...facts })).toEqual(expected);
  });
});
