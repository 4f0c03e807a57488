import { beforeEach, describe, expect, test } from 'vitest';
import { type AlarmChange, Alarms } from '../../../src/calls/alarms.ts';

describe('pain 12: an alarm', () => {
  let alarms: Alarms;
  let nowMs: number;
  let lastPacketMs: number;

  beforeEach(() => {
    alarms = new Alarms();
    nowMs = 1_000_000;
    lastPacketMs = nowMs;
  });

  /** Looks once a second, and last of all. */
  function pass(sec: number, { isDue = true, comes = false } = {}): AlarmChange[] {
    return Array.from({ length: sec }, () => {
      nowMs += 1000;
      if (comes) lastPacketMs = nowMs;
      return alarms.look('no-sound', { isDue, silentMs: nowMs - lastPacketMs }, nowMs);
    }).filter(change => change !== undefined);
  }
  const BEGINS = { alarm: 'no-sound', isStanding: true, stoodMs: 0 };

  test('begins when nothing has come for 3 s, and ends as soon as something does', () => {
    expect(pass(10, { comes: true })).toEqual([]);
    expect(pass(2)).toEqual([]);
    expect(pass(1)).toEqual([BEGINS]);
    expect(alarms.standing).toEqual(['no-sound']);
    expect(pass(5)).toEqual([]);
    expect(pass(1, { comes: true })).toEqual([{ ...BEGINS, isStanding: false, stoodMs: 6000 }]);
    expect(alarms.standing).toEqual([]);
  });

  test('counts from when something was due, however long nothing came before', () => {
    expect(pass(60, { isDue: false })).toEqual([]);
    expect(pass(3)).toEqual([]);
    expect(pass(1)).toEqual([BEGINS]);
  });

  test('ends when nothing is due any more, and waits its 3 s again afterwards', () => {
    pass(10);
    expect(pass(1, { isDue: false })).toMatchObject([{ isStanding: false }]);
    expect(pass(3)).toEqual([]);
    expect(pass(1)).toEqual([BEGINS]);
  });

  test('is independent of another', () => {
    pass(10);
    const look = { isDue: true, silentMs: 0 };
    expect(alarms.look('no-picture', look, nowMs)).toBeUndefined();
    expect(alarms.standing).toEqual(['no-sound']);
  });

  test('is remembered with the time it stood in all, this one counted in', () => {
    pass(3, { comes: true });
    expect(alarms.totals(nowMs)).toEqual([]);
    pass(5);
    pass(2, { comes: true });
    expect(alarms.totals(nowMs)).toEqual([{ alarm: 'no-sound', totalSec: 3 }]);
    pass(7);
    expect(alarms.totals(nowMs)).toEqual([{ alarm: 'no-sound', totalSec: 7 }]);
  });
});
