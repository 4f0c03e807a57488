import { expect, it } from 'vitest';
import { pick } from '../../fuzz/mutate.ts';
import { type FuzzSubject, fuzz } from '../../fuzz/runner.ts';

const LETTERS = ['a', 'b', 'c', 'd'];
const subject = (check: FuzzSubject['check']): FuzzSubject => ({
  name: 'letters',
  next: random => pick(random, LETTERS) + pick(random, LETTERS),
  check,
});

it('stops at the first broken rule and gives the input back', () => {
  const { failure, runs } = fuzz(
    subject(input => (input === 'dd' ? 'has two of d' : undefined)),
    { runs: 1000, seed: 1 },
  );
  expect(failure).toMatchObject({ rule: 'has two of d', input: 'dd' });
  expect(runs).toBe((failure?.run ?? 0) + 1);
});

it('takes a throw for a broken rule', () => {
  const { failure } = fuzz(
    subject(input => {
      throw new TypeError(`no ${input}`);
    }),
    { runs: 10, seed: 1 },
  );
  expect(failure?.rule).toMatch(/^threw TypeError: no /);
});

it('gives the same inputs for the same seed, and others for another', () => {
  const inputs = (seed: number) => {
    const seen: string[] = [];
    fuzz(
      subject(input => void seen.push(input)),
      { runs: 50, seed },
    );
    return seen.join();
  };
  expect(inputs(1)).toBe(inputs(1));
  expect(inputs(1)).not.toBe(inputs(2));
});

it('tells how far it is', () => {
  const told: number[] = [];
  const onProgress = (done: number) => told.push(done);
  fuzz(
    subject(() => undefined),
    { runs: 100_001, seed: 1, onProgress },
  );
  expect(told).toEqual([50_000, 100_000]);
});
