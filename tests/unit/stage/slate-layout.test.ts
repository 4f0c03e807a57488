import { expect, test } from 'vitest';
import { layOut } from '../../../src/stage/encode/slate-layout.ts';

const SIZE = { width: 640, height: 360, level: '2.2' };
const titlesOf = (title: string) => layOut({ title, lines: ['below'] }, SIZE).slice(0, -1);

test('a short title stands in one large line', () => {
  expect(titlesOf('Giao ban tuần').map(line => line.text)).toEqual(['Giao ban tuần']);
});

test('a long title is broken between words, near its middle', () => {
  const lines = titlesOf('Hội nghị trực tuyến Ủy ban nhân dân xã Đắk Wer');
  expect(lines.map(line => line.text)).toEqual([
    'Hội nghị trực tuyến Ủy',
    'ban nhân dân xã Đắk Wer',
  ]);
});

test.each([
  ['decomposed letters', 'Hội nghị'.normalize('NFD'), 'Hội nghị'],
  ['controls and line breaks', ' a\n\u0007b\t c\u202e ', 'a b c'],
])('%s are made plain', (_, title, plain) => {
  expect(titlesOf(title).map(line => line.text)).toEqual([plain]);
});

test('what is typed without end is cut, and small enough to fit', () => {
  const [line] = titlesOf('Ệ'.repeat(500));
  expect(line?.text).toHaveLength(80);
  expect(line?.text.endsWith('…')).toBe(true);
  expect((line?.fontSize ?? 0) * 80 * 0.6).toBeLessThanOrEqual(SIZE.width);
});

test('lines do not cover each other', () => {
  const lines = layOut({ title: 'Hội nghị trực tuyến Ủy ban nhân dân', lines: ['a', 'b'] }, SIZE);
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (next) expect(line.y + line.fontSize).toBeLessThanOrEqual(next.y);
  }
});
