import { expect, it } from 'vitest';
import { callerHeader } from '../../../src/sip/caller-header.ts';

const from = (name: string, number = '1001') => callerHeader({ name, number }, '192.0.2.1');

it('shows the conference’s name and the number to call back', () => {
  expect(from('Giao ban tuần')).toBe('"Giao ban tuần" <sip:1001@192.0.2.1>');
});

it.each([
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a"\r\nRoute: <sip:evil>\r\n', '"a\\" Route: <sip:evil>"'],
  ['tab\tand\u0000nul\u2028line', '"tab and nul line"'],
  ['<b>&', '"<b>&"'],
  ['half \ud83d of a pair', '"half   of a pair"'],
])('%j is data', (name, shown) => {
  expect(from(name)).toBe(`${shown} <sip:1001@192.0.2.1>`);
});

it('cuts long names between characters, and joins marks to their letters', () => {
  expect(from('😀'.repeat(80))).toBe(`"${'😀'.repeat(60)}" <sip:1001@192.0.2.1>`);
  expect(from('a\u0302\u0301')).toBe('"ấ" <sip:1001@192.0.2.1>');
});

it('shows none where nothing is left, and no user without a number', () => {
  expect(from(' \r\n')).toBe('<sip:1001@192.0.2.1>');
  expect(from('Họp', '')).toBe('"Họp" <sip:192.0.2.1>');
  expect(from('Họp', 'a b@c>')).toBe('"Họp" <sip:a%20b%40c%3E@192.0.2.1>');
});
