import { describe, expect, test } from 'vitest';
import { CpuBudget } from '../../../src/stage/cpu-budget.ts';

const CORES = 2;
const SECOND_MS = 1_000;

/** A budget that is measured once a second; levels after each measurement. */
function aBudget() {
  const budget = new CpuBudget(CORES);
  let nowMs = 0;
  const levels: number[] = [];
  const run = (coresUsed: number, seconds: number, machineBusy?: number) => {
    for (let second = 0; second < seconds; second += 1) {
      nowMs += SECOND_MS;
      const before = budget.level;
      const isChanged = budget.measured({ coresUsed, machineBusy }, nowMs);
      expect(isChanged).toBe(budget.level !== before);
      levels.push(budget.level);
    }
  };
  return { budget, run, levels };
}

describe('over the budget', () => {
  test('nothing is given up for what passes: the start of an encoder', () => {
    const { run, budget } = aBudget();
    run(2.5, 3);
    run(1.9, 1);
    run(2.5, 3);
    expect(budget.level).toBe(0);
  });

  test('a step is taken after three seconds, and the next only after three more', () => {
    const { run, levels } = aBudget();
    run(2.5, 13);
    expect(levels).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
  });

  test('there is nothing below the last step', () => {
    const { run, budget } = aBudget();
    run(9, 60);
    expect(budget.level).toBe(3);
  });
});

describe('within the budget again', () => {
  test('steps are taken back one by one, each after fifteen quiet seconds', () => {
    const { run, budget } = aBudget();
    run(2.5, 8);
    expect(budget.level).toBe(2);
    run(0.5, 15);
    expect(budget.level).toBe(2);
    run(0.5, 1);
    expect(budget.level).toBe(1);
    run(0.5, 16);
    expect(budget.level).toBe(0);
    run(0.5, 60);
    expect(budget.level).toBe(0);
  });

  test('nothing is taken back while it would hardly fit', () => {
    const { run, budget } = aBudget();
    run(2.5, 4);
    run(1.8, 120);
    expect(budget.level).toBe(1);
  });

  test('a busy second begins the wait anew', () => {
    const { run, budget } = aBudget();
    run(2.5, 4);
    run(0.5, 14);
    run(1.8, 1);
    run(0.5, 14);
    expect(budget.level).toBe(1);
  });
});

describe('on a machine that others fill', () => {
  test('steps are taken too, though the budget is kept; but nobody is refused', () => {
    const { run, levels } = aBudget();
    run(1, 13, 0.97);
    expect(levels).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
  });

  test('nothing is given up while it only is busy, nor for a moment', () => {
    const { run, budget } = aBudget();
    run(1, 60, 0.94);
    run(1, 3, 1);
    run(1, 1, 0.9);
    run(1, 3, 1);
    expect(budget.level).toBe(0);
  });

  test('nothing is given up where the stage is not what there is to do', () => {
    const { run, budget } = aBudget();
    run(0.4, 60, 1);
    expect(budget.level).toBe(0);
  });

  test('nothing is taken back until there is room again', () => {
    const { run, budget } = aBudget();
    run(1, 4, 1);
    run(1, 60, 0.9);
    expect(budget.level).toBe(1);
    run(1, 16, 0.8);
    expect(budget.level).toBe(0);
  });

  test('what was given up comes back to who has next to nothing to do, however full it stays', () => {
    const { run, budget } = aBudget();
    run(1, 4, 1);
    run(0.1, 16, 1);
    expect(budget.level).toBe(0);
  });
});

test('tells which share of the budget was used', () => {
  const { run, budget } = aBudget();
  run(0.5, 1);
  expect(budget.used).toBe(0.25);
});
