import pino from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { AdmissionGuard } from '../../../src/sites/admission-guard.ts';

const HOME = '10.1.0.1';
let nowMs: number;
let guard: AdmissionGuard;
const times = (count: number, act: () => void) => {
  for (let i = 0; i < count; i += 1) act();
};

beforeEach(() => {
  nowMs = 1_000_000;
  guard = new AdmissionGuard({
    trusted: ['192.0.2.99'],
    isHome: host => host === HOME,
    now: () => nowMs,
    log: pino({ level: 'silent' }),
  });
});

test('a stranger’s address is not listened to after ten wrong passwords, whoever it says it is', () => {
  times(9, () => guard.wrongPassword('192.0.2.5:5060', 'xa-1'));
  expect(guard.refuses('192.0.2.5:5060', 'xa-1')).toBe(false);
  guard.wrongPassword('192.0.2.5:6060', 'xa-2');
  expect(guard.refuses('192.0.2.5:7000', 'xa-3')).toBe(true);
  expect(guard.refuses('192.0.2.6:5060', 'xa-1')).toBe(false);
  nowMs += 60_000;
  expect(guard.refuses('192.0.2.5:7000', 'xa-3')).toBe(false);
});

test('where endpoints live only the account that was guessed at is refused', () => {
  times(10, () => guard.wrongPassword(`${HOME}:5060`, 'xa-1'));
  expect(guard.refuses(`${HOME}:5060`, 'xa-1')).toBe(true);
  expect(guard.refuses(`${HOME}:5060`, 'xa-2')).toBe(false);
  expect(guard.refuses('192.0.2.6:5060', 'xa-1')).toBe(false);
});

test('wrong PINs count against the account that typed them', () => {
  times(10, () => guard.wrongPin('xa-1'));
  expect(guard.refusesCallsOf('xa-1')).toBe(true);
  expect(guard.refusesCallsOf('xa-2')).toBe(false);
  expect(guard.refuses('192.0.2.5:5060', 'xa-1')).toBe(false);
});

test('an administrator sees bans and ends them', () => {
  times(10, () => guard.wrongPassword('[2001:db8::7]:5060', 'xa-1'));
  expect(guard.list()).toMatchObject([
    { source: '2001:db8:0:0::/64', reason: 'wrong-password', untilMs: nowMs + 60_000, count: 1 },
  ]);
  expect(guard.lift('2001:db8:0:0::/64')).toBe(true);
  expect(guard.lift('2001:db8:0:0::/64')).toBe(false);
  expect(guard.refuses('2001:db8::8:5060', 'xa-1')).toBe(false);
});

test('a trusted address may try as often as it likes', () => {
  times(100, () => guard.wrongPassword('192.0.2.99:5060', 'xa-1'));
  expect(guard.list()).toEqual([]);
});
