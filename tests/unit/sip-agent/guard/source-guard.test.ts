import pino from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { SourceGuard } from '../../../../src/sip-agent/guard/source-guard.ts';
import { FakeFlow } from '../fake-flow.ts';

const TEN_MINUTES_MS = 10 * 60_000;
const HALL = 150;

let nowMs: number;
let logged: { source: string; reason: string; banSec: number }[];
let guard: SourceGuard;
const flow = (host = '192.0.2.2', port = 5060) => new FakeFlow('udp', host, port);
const from = (userAgent: string) => ({ headers: [{ key: 'user-agent', value: userAgent }] });
const isBanned = (at = flow()) => guard.isBanned({ headers: [] }, at);
const times = (count: number, act: () => void) => {
  for (let i = 0; i < count; i += 1) act();
};

beforeEach(() => {
  nowMs = 5_000_000;
  logged = [];
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });
  guard = new SourceGuard({
    trusted: ['192.0.2.99', '10.9.0.0/16'],
    maxRatePerSec: 100,
    log,
    now: () => nowMs,
  });
});

describe('messages a second', () => {
  test('five seconds’ worth may come at once, more bans for a minute', () => {
    times(500, () => expect(guard.admits(flow())).toBe(true));
    expect(guard.admits(flow('192.0.2.2', 5070))).toBe(false);
    expect(guard.admits(flow('192.0.2.3'))).toBe(true);
    expect(isBanned()).toBe(true);
    expect(logged).toMatchObject([{ source: '192.0.2.2', reason: 'flood', banSec: 60 }]);
    nowMs += 60_000;
    expect(guard.admits(flow())).toBe(true);
    expect(isBanned()).toBe(false);
  });

  test('a steady stream below the rate is never refused', () => {
    times(10_000, () => {
      expect(guard.admits(flow())).toBe(true);
      nowMs += 10;
    });
  });
});

describe('programs that scan', () => {
  test.each(['friendly-scanner', 'SIPVicious', 'sipcli/v1.8', 'VaxSIPUserAgent/3.1', 'pplsip'])(
    '%s gets no answer to its first request',
    userAgent => {
      expect(guard.isBanned(from(userAgent), flow())).toBe(true);
      expect(isBanned(flow('192.0.2.2', 6000))).toBe(true);
    },
  );

  test.each(['PolycomRealPresenceGroup500/6.2', 'LifeSize/Icon', 'Yealink VC800', 'TANDBERG/529'])(
    '%s is answered',
    userAgent => expect(guard.isBanned(from(userAgent), flow())).toBe(false),
  );
});

describe('refusals', () => {
  test('who never has the password is banned, longer each time', () => {
    for (const banSec of [60, 300, 1800]) {
      times(400, () => guard.answered('REGISTER', flow(), 401));
      expect(isBanned()).toBe(true);
      expect(logged.at(-1)).toMatchObject({ reason: 'refusals', banSec });
      nowMs += banSec * 1000;
      expect(isBanned()).toBe(false);
    }
  });

  test('forty wrong passwords are enough', () => {
    times(40, () => guard.answered('REGISTER', flow(), 403));
    expect(isBanned()).toBe(true);
  });

  test('a codec with an old password that tries every half minute is left alone', () => {
    times(200, () => {
      guard.answered('REGISTER', flow(), 401);
      guard.answered('REGISTER', flow(), 403);
      nowMs += 30_000;
    });
    expect(isBanned()).toBe(false);
  });

  test('a whole district behind one address that asks at once is not', () => {
    times(HALL, () => guard.answered('REGISTER', flow(), 401));
    times(HALL, () => guard.answered('REGISTER', flow(), 200));
    times(10, () => {
      times(HALL, () => guard.answered('REGISTER', flow(), 401));
      times(HALL, () => guard.answered('REGISTER', flow(), 200));
      nowMs += 30_000;
    });
    expect(isBanned()).toBe(false);
  });

  test('beside registered endpoints only the port that misbehaves is banned', () => {
    guard.answered('REGISTER', flow('192.0.2.2', 5060), 200);
    times(40, () => guard.answered('REGISTER', flow('192.0.2.2', 6000), 403));
    expect(isBanned(flow('192.0.2.2', 6000))).toBe(true);
    expect(isBanned(flow('192.0.2.2', 5060))).toBe(false);
  });

  test('slow ones run out of the window', () => {
    times(20, () => {
      times(30, () => guard.answered('REGISTER', flow(), 403));
      nowMs += TEN_MINUTES_MS + 1;
    });
    expect(isBanned()).toBe(false);
  });
});

test.each(['192.0.2.99', '10.9.1.1'])('%s is trusted, whatever it does', host => {
  times(5000, () => {
    expect(guard.admits(flow(host))).toBe(true);
    guard.answered('REGISTER', flow(host), 403);
  });
  expect(guard.isBanned(from('friendly-scanner'), flow(host))).toBe(false);
  expect(logged).toEqual([]);
});
