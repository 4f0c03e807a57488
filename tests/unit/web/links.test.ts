import { describe, expect, it } from 'vitest';
import { pieces } from '../../../src/web/room/links.ts';

const addresses = (text: string) =>
  pieces(text).flatMap(piece => (piece.href === undefined ? [] : [piece.text]));

describe('addresses in what people write', () => {
  it.each([
    ['https://xa.example/giao-ban', ['https://xa.example/giao-ban']],
    ['Xem http://10.0.0.5:8080/a?b=1&c=2#d nhé', ['http://10.0.0.5:8080/a?b=1&c=2#d']],
    ['Ở đây: https://xa.example/tài-liệu.', ['https://xa.example/tài-liệu']],
    ['(https://xa.example/a)', ['https://xa.example/a']],
    ['https://xa.example/a_(b)', ['https://xa.example/a_(b)']],
    ['https://a.example, https://b.example!', ['https://a.example', 'https://b.example']],
    ['HTTPS://XA.EXAMPLE', ['HTTPS://XA.EXAMPLE']],
  ])('%s', (text, found) => {
    expect(addresses(text)).toEqual(found);
  });

  it.each([
    'không có gì',
    'xa.example',
    'javascript:alert(1)',
    'data:text/html,<b>a</b>',
    'ftp://xa.example',
    'https://',
    'https://%',
    'http:// xa.example',
  ])('%s has none that can be clicked', text => {
    expect(pieces(text)).toEqual([{ text }]);
  });

  it('markup stays the text it is, and never gets into an address', () => {
    const text =
      '<img src=x onerror=alert(1)> https://a.example/"onclick="x <a href=https://b.example>';
    expect(pieces(text)).toEqual([
      { text: '<img src=x onerror=alert(1)> ' },
      { text: 'https://a.example/', href: 'https://a.example/' },
      { text: '"onclick="x <a href=' },
      { text: 'https://b.example', href: 'https://b.example/' },
      { text: '>' },
    ]);
  });

  it.each(['', 'a https://b.example. c', 'https://%\nhttps://b.example))'])(
    'the pieces of %j are the whole text',
    text => {
      expect(
        pieces(text)
          .map(piece => piece.text)
          .join(''),
      ).toBe(text);
    },
  );
});
