import { describe, expect, test } from 'vitest';
import { ClockMap } from '../../../src/stage/rtp/clock-map.ts';

const KHZ = 90;
const PICTURE_INTERVAL_MS = 40;
const REPORT_INTERVAL_MS = 5_000;
const START_MS = 1_700_000_000_000;
const NETWORK_MS = 20;
const HOLD_AT_MS = 10_000;

interface Play {
  readonly seconds: number;
  /** How fast the source's clock goes, against ours. */
  readonly drift?: number;
  /** Time from capture to sending. */
  readonly encodeMs?: number;
  readonly jitterMs?: number;
  readonly reports?: 'none' | 'honest' | 'without clock' | 'of another timestamp';
  readonly firstTimestamp?: number;
  /** After ten seconds it sends nothing for so long, and its timestamps stand. */
  readonly holdMs?: number;
}

/** Plays a source to a map; gives by how much each capture of the last ten seconds is told too late. */
function play(play: Play): number[] {
  const { seconds, drift = 0, encodeMs = 0, jitterMs = 0, reports = 'none', holdMs = 0 } = play;
  const map = new ClockMap(KHZ);
  const random = pseudoRandom();
  const wayMs = () => NETWORK_MS + random() * jitterMs;
  const sourceNtp = (atMs: number) => atMs * (1 + drift) - 1_234_567_890;
  const mediaMs = (atMs: number) => atMs - START_MS - (atMs < START_MS + HOLD_AT_MS ? 0 : holdMs);
  const timestampAt = (atMs: number) =>
    Math.round((play.firstTimestamp ?? 0) + mediaMs(atMs) * (1 + drift) * KHZ) % 2 ** 32;
  const errors: number[] = [];
  const endMs = START_MS + seconds * 1_000;
  for (let atMs = START_MS, index = 0; atMs < endMs; atMs += PICTURE_INTERVAL_MS, index++) {
    if (index * PICTURE_INTERVAL_MS === HOLD_AT_MS) atMs += holdMs;
    const timestamp = timestampAt(atMs);
    map.received(timestamp, atMs + encodeMs + wayMs());
    if (reports !== 'none' && (index * PICTURE_INTERVAL_MS) % REPORT_INTERVAL_MS === 0) {
      const sentMs = atMs + encodeMs;
      const ntpMs = reports === 'without clock' ? 0 : sourceNtp(sentMs);
      const about = timestampAt(sentMs) + (reports === 'of another timestamp' ? 2 ** 30 : 0);
      map.reported(ntpMs, about % 2 ** 32, sentMs + wayMs());
    }
    if (atMs > endMs - 10_000) errors.push((map.captureMs(timestamp) ?? Number.NaN) - atMs);
  }
  return errors;
}

function pseudoRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

function expectBetween(values: readonly number[], least: number, most: number) {
  expect(Math.min(...values)).toBeGreaterThanOrEqual(least);
  expect(Math.max(...values)).toBeLessThanOrEqual(most);
}

describe('without reports', () => {
  test('a picture counts as captured when the quickest of its kind would have arrived', () => {
    expectBetween(play({ seconds: 60 }), NETWORK_MS, NETWORK_MS + 1);
  });

  test.each([-200e-6, 200e-6])('jitter does not show, nor a drift of %d in an hour', drift => {
    const errors = play({ seconds: 3_600, drift, jitterMs: 100 });
    expectBetween(errors, NETWORK_MS - 5, NETWORK_MS + 12);
  });

  test.each(['none', 'honest'] as const)(
    'a clock that stood for 3 s on hold is right again soon, reports: %s',
    reports => {
      const errors = play({ seconds: 60, holdMs: 3_000, reports });
      expectBetween(errors, NETWORK_MS, NETWORK_MS + 1);
    },
  );

  test('timestamps wrap', () => {
    expectBetween(play({ seconds: 60, firstTimestamp: 2 ** 32 - 90_000 }), 20, 21);
  });

  test('a clock that begins anew is followed', () => {
    const map = new ClockMap(KHZ);
    map.received(2_000_000_000, 1_000);
    map.received(2_000_003_600, 1_040);
    map.received(5, 1_080);
    expect(map.captureMs(5)).toBe(1_080);
    map.received(2_000_000_000, 1_120);
    expect(map.captureMs(2_000_000_000)).toBe(1_120);
  });
});

describe('with reports', () => {
  test('the time that the source itself takes is known', () => {
    const errors = play({ seconds: 60, encodeMs: 150, reports: 'honest' });
    expectBetween(errors, NETWORK_MS - 1, NETWORK_MS + 3);
  });

  test.each([-200e-6, 200e-6])('a drift of %d and jitter leave it within 30 ms', drift => {
    const errors = play({ seconds: 3_600, drift, encodeMs: 150, jitterMs: 60, reports: 'honest' });
    expectBetween(errors, NETWORK_MS - 15, NETWORK_MS + 30);
  });

  test.each(['without clock', 'of another timestamp'] as const)(
    'one %s is not believed',
    reports => {
      const errors = play({ seconds: 60, encodeMs: 50, reports });
      expectBetween(errors, NETWORK_MS + 50, NETWORK_MS + 51);
    },
  );
});

test('nothing is known before the first packet', () => {
  const map = new ClockMap(KHZ);
  map.reported(5_000, 1, 1_000);
  expect(map.captureMs(1)).toBeUndefined();
});
