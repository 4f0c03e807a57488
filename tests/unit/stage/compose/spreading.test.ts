import { expect, test } from 'vitest';
import { Spreading, type ThreadUse } from '../../../../src/stage/compose/spreading.ts';

const SECOND_MS = 1_000;
/** 24 × 720p25. */
const MUCH = 24 * 1280 * 720 * 25;

/** Measured once a second; whether it is on after each. */
function aThread() {
  const spreading = new Spreading();
  let nowMs = 0;
  return (use: ThreadUse, seconds: number) =>
    Array.from({ length: seconds }, () => {
      nowMs += SECOND_MS;
      spreading.measured(use, nowMs);
      return spreading.isOn;
    });
}

test('a thread that is full for two seconds has others decode', () => {
  const run = aThread();
  expect(run({ coreShare: 0.9, pixelsPerSec: MUCH }, 2)).toEqual([false, false]);
  expect(run({ coreShare: 0.7, pixelsPerSec: MUCH }, 1)).toEqual([false]);
  expect(run({ coreShare: 0.9, pixelsPerSec: MUCH }, 3)).toEqual([false, false, true]);
});

test('that it is less full for it changes nothing', () => {
  const run = aThread();
  run({ coreShare: 0.9, pixelsPerSec: MUCH }, 3);
  expect(run({ coreShare: 0.3, pixelsPerSec: MUCH }, 60).every(Boolean)).toBe(true);
});

test('it decodes by itself again after ten seconds of much less', () => {
  const run = aThread();
  run({ coreShare: 0.9, pixelsPerSec: MUCH }, 3);
  const after = run({ coreShare: 0.2, pixelsPerSec: MUCH / 2 }, 11);
  expect(after.indexOf(false)).toBe(10);
});

test('less is less than what there was once it could keep up', () => {
  const run = aThread();
  run({ coreShare: 0.9, pixelsPerSec: MUCH / 2 }, 3); // the other half was left out
  run({ coreShare: 0.3, pixelsPerSec: MUCH }, 5);
  expect(run({ coreShare: 0.2, pixelsPerSec: MUCH / 2 }, 11).at(-1)).toBe(false);
});
