import { describe, expect, test } from 'vitest';
import { type LineReport, RateControl } from '../../../src/stage/scene/rate-control.ts';

const NEGOTIATED_BPS = 2_000_000;
const REPORT_INTERVAL_MS = 5_000;

/** A receiver that reports every five seconds on what it was sent. */
function aReceiver(negotiatedBps = NEGOTIATED_BPS) {
  const control = new RateControl(negotiatedBps);
  let nowMs = 0;
  const report = (lossRatio: number, over: Partial<LineReport> = {}) => {
    nowMs += REPORT_INTERVAL_MS;
    const sentBps = control.cap(nowMs).maxBitrateBps * 0.9;
    const base = { lossRatio, packetsSent: 500, sentBps, jitterMs: 5, roundTripMs: 30 };
    control.reported({ ...base, ...over }, nowMs);
    return control.cap(nowMs).maxBitrateBps;
  };
  /** Good reports until the cap rises; how long that took. */
  const waitForRise = () => {
    const [beforeBps, sinceMs] = [control.cap(nowMs).maxBitrateBps, nowMs];
    while (report(0) <= beforeBps) if (nowMs - sinceMs > 1_000_000) return Number.NaN;
    return nowMs - sinceMs;
  };
  return { control, report, waitForRise, now: () => nowMs };
}

describe('loss', () => {
  test('above 15 % takes the cap down one rung at once', () => {
    const { control, report, now } = aReceiver();
    expect(report(0)).toBe(NEGOTIATED_BPS);
    expect(report(0.16)).toBe(1_500_000);
    expect(control.cap(now())).toEqual({ maxBitrateBps: 1_500_000, reason: 'loss' });
  });

  test('above 5 % does so when it is reported twice in a row', () => {
    const { report } = aReceiver();
    expect([0.06, 0.02, 0.06, 0.06, 0.06, 0.06].map(loss => report(loss))).toEqual([
      ...[2_000_000, 2_000_000, 2_000_000],
      ...[1_500_000, 1_500_000, 1_000_000],
    ]);
  });

  test('goes down to where a narrow line still has a picture, and no further', () => {
    const { report } = aReceiver();
    const caps = Array.from({ length: 12 }, () => report(0.3));
    expect(caps.at(-1)).toBe(160_000);
  });

  test('of a stream far below its cap goes down as far as to have an effect, in large steps', () => {
    const { report } = aReceiver(14_000_000);
    const sent = { sentBps: 900_000 };
    expect([0.2, 0.2].map(loss => report(loss, sent))).toEqual([4_000_000, 1_500_000]);
    expect(report(0.2, sent)).toBe(768_000);
  });

  test('is not believed of a handful of packets', () => {
    const { report } = aReceiver();
    expect(report(0.5, { packetsSent: 4 })).toBe(NEGOTIATED_BPS);
    expect(report(0, { packetsSent: 496 })).toBe(NEGOTIATED_BPS);
  });

  test('told again right after a step is of the time before', () => {
    const { control, report, now } = aReceiver();
    report(0.2);
    const again = { lossRatio: 0.2, packetsSent: 100, sentBps: 1e6, jitterMs: 0 };
    control.reported({ ...again, roundTripMs: 30 }, now() + 1_000);
    expect(control.cap(now()).maxBitrateBps).toBe(1_500_000);
  });
});

describe('a line that has recovered', () => {
  test('is tried one rung higher after half a minute, up to what was negotiated', () => {
    const { control, report, waitForRise, now } = aReceiver();
    report(0.2);
    report(0.2);
    expect(control.cap(now()).maxBitrateBps).toBe(1_000_000);
    for (const _ of [1, 2]) {
      const tookMs = waitForRise();
      expect(tookMs).toBeGreaterThanOrEqual(20_000);
      expect(tookMs).toBeLessThanOrEqual(30_000);
    }
    expect(control.cap(now())).toEqual({ maxBitrateBps: NEGOTIATED_BPS, reason: 'negotiated' });
  });

  test('is tried less and less often when that fails', () => {
    const { report, waitForRise } = aReceiver();
    report(0.2);
    const waits = Array.from({ length: 6 }, () => {
      const tookMs = waitForRise();
      report(0.2);
      return tookMs;
    });
    expect(waits).toEqual([30_000, 55_000, 105_000, 205_000, 305_000, 305_000]);
  });

  test('is tried as soon as ever once a try has held', () => {
    const { report, waitForRise } = aReceiver();
    for (const _ of [1, 2, 3]) report(0.2);
    waitForRise();
    report(0.2);
    expect(waitForRise()).toBe(55_000);
    expect(waitForRise()).toBeLessThanOrEqual(60_000);
    expect(waitForRise()).toBeLessThanOrEqual(30_000);
  });

  test('is not tried while a little is lost, or while reports waver', () => {
    const { report } = aReceiver();
    report(0.2);
    for (let i = 0; i < 40; i++) expect(report(i % 4 === 0 ? 0.02 : 0)).toBe(1_500_000);
    for (let i = 0; i < 20; i++) expect(report(0, { jitterMs: 200 })).toBe(1_500_000);
  });
});

describe('a queue on the way', () => {
  test('that makes the round trip longer counts like loss', () => {
    const { report } = aReceiver();
    report(0);
    expect(report(0, { roundTripMs: 600 })).toBe(NEGOTIATED_BPS);
    expect(report(0, { roundTripMs: 700 })).toBe(1_500_000);
  });

  test('is not what makes a long way long', () => {
    const { report } = aReceiver();
    for (let i = 0; i < 20; i++)
      expect(report(0, { roundTripMs: 600 + (i % 2) * 50 })).toBe(NEGOTIATED_BPS);
  });
});

describe('what the receiver asks for', () => {
  test('is obeyed at once, below the floor too, and taken back as it says', () => {
    const { control, now } = aReceiver();
    const ask = (bitrateBps: number) => control.requested({ bitrateBps, overheadBytes: 0 }, now());
    ask(100_000);
    expect(control.cap(now())).toEqual({ maxBitrateBps: 100_000, reason: 'requested' });
    ask(0);
    expect(control.cap(now()).maxBitrateBps).toBeGreaterThan(0);
    ask(5_000_000);
    expect(control.cap(now())).toEqual({ maxBitrateBps: NEGOTIATED_BPS, reason: 'negotiated' });
  });

  test('leaves room for the headers it counts', () => {
    const { control, now } = aReceiver();
    control.requested({ bitrateBps: 256_000, overheadBytes: 80 }, now());
    expect(control.cap(now()).maxBitrateBps).toBe(240_000);
  });

  test('runs out where it has to be repeated', () => {
    const { control, now } = aReceiver();
    control.requested({ bitrateBps: 256_000, overheadBytes: 0 }, now(), 10_000);
    expect(control.cap(now() + 9_999).reason).toBe('requested');
    expect(control.cap(now() + 10_000).reason).toBe('negotiated');
  });

  test('wavers where it is repeated: less counts at once, more when it has lasted', () => {
    const { control } = aReceiver();
    const lastsMs = 10_000;
    const asks = (bitrateBps: number, atMs: number) => {
      control.requested({ bitrateBps, overheadBytes: 0 }, atMs, lastsMs);
      return control.cap(atMs).maxBitrateBps;
    };
    const wavering = Array.from({ length: 30 }, (_, second) =>
      asks(second % 2 === 0 ? 880_000 : 920_000, second * 1_000),
    );
    expect(new Set(wavering)).toEqual(new Set([880_000]));
    const rising = Array.from({ length: 12 }, (_, second) =>
      asks(1_000_000 + second * 10_000, 30_000 + second * 1_000),
    );
    expect(rising.slice(0, 9)).toEqual(Array(9).fill(880_000));
    expect(rising.at(-1), 'the least of that time').toBe(920_000);
    expect(asks(500_000, 43_000)).toBe(500_000);
  });

  test('and loss together give the lesser', () => {
    const { control, report, now } = aReceiver();
    control.requested({ bitrateBps: 1_200_000, overheadBytes: 0 }, now());
    expect(report(0.2)).toBe(1_000_000);
    expect(control.cap(now()).reason).toBe('loss');
  });
});

test('a new negotiation counts from now on', () => {
  const { control, now } = aReceiver();
  control.negotiated(128_000);
  expect(control.cap(now())).toEqual({ maxBitrateBps: 128_000, reason: 'negotiated' });
});
