import type { Logger } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { RareLog } from '../../../src/sip-agent/rare-log.ts';

afterEach(() => void vi.useRealTimers());

test('a message is said once in a while, with how often it was not', () => {
  vi.useFakeTimers();
  const warn = vi.fn();
  const log = new RareLog({ warn } as unknown as Logger);
  for (let i = 0; i < 100; i++) log.warn({ i }, 'message dropped');
  log.warn({}, 'another');
  expect(warn.mock.calls).toEqual([
    [{ i: 0 }, 'message dropped'],
    [{}, 'another'],
  ]);
  vi.advanceTimersByTime(10_000);
  log.warn({ i: 100 }, 'message dropped');
  expect(warn).toHaveBeenLastCalledWith({ i: 100, suppressed: 99 }, 'message dropped');
});
