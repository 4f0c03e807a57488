import { describe, expect, test } from 'vitest';
import type { Counters, StreamCounters } from '../../../../src/web/room/network/counters.ts';
import { judgeNetwork, overallGrade } from '../../../../src/web/room/network/judge.ts';

const WANTED_BPS = 500_000;

function counters(
  streams: Record<string, Partial<StreamCounters>>,
  more: Partial<Counters> = {},
): Counters {
  const none: StreamCounters = { direction: 'up', packets: 0, lost: 0, frozenMs: 0 };
  return {
    atMs: 0,
    streams: new Map(Object.entries(streams).map(([id, stream]) => [id, { ...none, ...stream }])),
    roundTripMs: 20,
    availableUpBps: WANTED_BPS,
    ...more,
  };
}

const START = counters({ up: {}, down: { direction: 'down' } });
const judged = (
  streams: Record<string, Partial<StreamCounters>>,
  more: Partial<Counters> = {},
  wantedBps = WANTED_BPS,
) => judgeNetwork(START, counters(streams, { atMs: 6000, ...more }), wantedBps);

describe('the judgement of the line', () => {
  test.each([
    [0, 'good', undefined],
    [2, 'good', undefined],
    [3, 'poor', 'loss'],
    [10, 'bad', 'loss'],
  ] as const)('of a hundred packets of ours %i lost is %s', (lost, grade, flaw) => {
    expect(judged({ up: { packets: 100, lost } }).up).toEqual({ grade, flaw });
  });

  test.each([
    [97, 3, 'poor'],
    [90, 10, 'bad'],
    [99, 1, 'good'],
  ] as const)('with %i packets come and %i lost the way down is %s', (packets, lost, grade) => {
    const view = judged({ down: { direction: 'down', packets, lost } });
    expect(view.down.grade).toBe(grade);
    expect(view.up.grade).toBe('good');
  });

  test.each([
    [399, 'good'],
    [600, 'poor'],
    [1000, 'bad'],
  ] as const)('%i ms there and back is %s', (roundTripMs, grade) => {
    expect(judged({}, { roundTripMs }).up.grade).toBe(grade);
  });

  test.each([
    [300_001, 'good'],
    [300_000, 'poor'],
    [175_000, 'bad'],
  ] as const)('%i bit/s for a picture that wants 500 000 is %s', (availableUpBps, grade) => {
    expect(judged({}, { availableUpBps }).up.grade).toBe(grade);
  });

  test('without a picture of ours a narrow line is wide enough', () => {
    expect(judged({}, { availableUpBps: 50_000 }, 0).up.grade).toBe('good');
  });

  test('pictures that stand still are told where nothing is lost', () => {
    const frozen = { direction: 'down', packets: 100, frozenMs: 1800 } as const;
    expect(judged({ down: frozen }).down).toEqual({ grade: 'poor', flaw: 'frozen' });
  });

  test('a bad flaw is told before a poor one', () => {
    const view = judged({ up: { packets: 100, lost: 5 } }, { roundTripMs: 1500 });
    expect(view.up).toEqual({ grade: 'bad', flaw: 'delay' });
  });

  test('streams that are new or gone say nothing', () => {
    const view = judged({ another: { direction: 'down', packets: 10, lost: 500 } });
    expect(view.down.grade).toBe('good');
  });

  test('what is no longer taken for lost is not a negative loss', () => {
    const before = counters({ up: { packets: 100, lost: 8 } });
    const now = counters({ up: { packets: 200, lost: 5 } }, { atMs: 6000 });
    expect(judgeNetwork(before, now, 0)).toMatchObject({ upLossPct: 0, up: { grade: 'good' } });
  });

  test('the line as a whole is as good as its worse direction', () => {
    const view = judged({ down: { direction: 'down', packets: 80, lost: 20 } });
    expect(overallGrade(view)).toBe('bad');
  });
});
