import { describe, expect, it } from 'vitest';
import { AttemptLimit } from '../../../src/people/attempt-limit.ts';
import { ACCOUNT_LIMIT, CODE_LIMIT } from '../../../src/people/sign-in.ts';

/** How many of the attempts made each five seconds of so many hours are let through. */
function letThrough(options: typeof ACCOUNT_LIMIT, hours: number): number {
  let nowMs = 0;
  const limit = new AttemptLimit({ ...options, now: () => nowMs });
  let count = 0;
  for (; nowMs < hours * 3_600_000; nowMs += 5_000) {
    try {
      limit.take('an');
      count += 1;
    } catch {
      // has to wait
    }
  }
  return count;
}

describe('attempts', () => {
  it('an account’s password is tried no more than a hundred times an hour (ASVS 2.2.1)', () => {
    expect(letThrough(ACCOUNT_LIMIT, 1)).toBeLessThanOrEqual(100);
  });

  it('a code of a million is not found in half a day, two neighbours counted with it', () => {
    expect((letThrough(CODE_LIMIT, 12) * 3) / 1e6).toBeLessThan(0.001);
  });

  it('right ones are as if they had not been, and an hour without any forgives all', () => {
    let nowMs = 0;
    const limit = new AttemptLimit({
      free: 2,
      firstWaitMs: 1_000,
      maxWaitMs: 8_000,
      now: () => nowMs,
    });
    for (let i = 0; i < 10; i++) {
      limit.take('office');
      limit.giveBack('office');
    }
    limit.take('office');
    limit.take('office');
    expect(() => limit.take('office')).toThrow('Wait 1 s');
    expect(() => limit.take('elsewhere')).not.toThrow();
    nowMs += 1_000;
    limit.take('office');
    expect(() => limit.take('office')).toThrow('Wait 2 s');
    nowMs += 3_700_000;
    limit.take('office');
    expect(() => limit.take('office')).not.toThrow();
  });

  it('who has guessed much does not begin anew with one right answer', () => {
    let nowMs = 0;
    const limit = new AttemptLimit({
      free: 2,
      firstWaitMs: 1_000,
      maxWaitMs: 8_000,
      now: () => nowMs,
    });
    for (let i = 0; i < 5; i++) {
      limit.take('office');
      nowMs += 8_000;
    }
    limit.take('office');
    limit.giveBack('office');
    expect(() => limit.take('office')).toThrow('Wait');
  });
});
