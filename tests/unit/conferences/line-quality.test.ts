import { expect, it } from 'vitest';
import { GOOD_LINE, judgeLine } from '../../../src/conferences/line-quality.ts';

/** What is thought after each second: `P` poor, `g` good. */
function judged(...lossPercent: number[]): string {
  let line = GOOD_LINE;
  const after = lossPercent.map(percent => {
    line = judgeLine(line, percent / 100);
    return line.isPoor ? 'P' : 'g';
  });
  return after.join('');
}

it.each([
  ['no loss', [0, 0, 0, 0], 'gggg'],
  ['loss above 5 % for 3 s', [6, 6, 6, 6], 'ggPP'],
  ['loss of exactly 5 %', [5, 5, 5, 5], 'gggg'],
  ['a burst of two seconds', [50, 50, 0, 50, 50, 0], 'gggggg'],
  ['loss that ends', [9, 9, 9, 0, 0, 0, 0], 'ggPPPgg'],
  ['loss that pauses for two seconds', [9, 9, 9, 0, 0, 9, 0, 0, 9], 'ggPPPPPPP'],
  ['loss around the limit', [6, 4, 6, 4, 6, 4, 6, 4], 'gggggggg'],
])('%s', (_, lossPercent, expected) => {
  expect(judged(...lossPercent)).toBe(expected);
});
