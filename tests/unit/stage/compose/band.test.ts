import { expect, it } from 'vitest';
import { bandLines } from '../../../../src/stage/compose/band.ts';

it('stands in one line where it fits, composed and without controls', () => {
  expect(bandLines('Nghỉ\r\n\tgia\u0309i  lao\u0000', 1280, 40)).toEqual(['Nghỉ giải lao']);
});

it('is broken between words, and cut after three lines', () => {
  const lines = bandLines('một hai ba bốn năm sáu bảy tám chín mười', 240, 20);
  expect(lines).toEqual(['một hai ba bốn năm', 'sáu bảy tám chín', 'mười']);
  const long = bandLines('chữ '.repeat(60), 240, 20);
  expect(long).toHaveLength(3);
  expect(long[2]).toMatch(/…$/);
  expect(Math.max(...long.map(line => line.length))).toBeLessThanOrEqual(19);
});

it('cuts a word that is longer than a line', () => {
  expect(bandLines('a'.repeat(30), 240, 20)).toEqual(['a'.repeat(19), 'a'.repeat(11)]);
});

it('says nothing of nothing', () => {
  expect(bandLines(' \n ', 240, 20)).toEqual([]);
});
