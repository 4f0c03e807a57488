import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../src/media/bencode.ts';

describe('bencode', () => {
  test.each([
    ['text', 'ping', '4:ping'],
    ['text longer in bytes than in letters', 'Họp', '5:Họp'],
    ['empty text', '', '0:'],
    ['a number', 42, 'i42e'],
    ['a negative number', -7, 'i-7e'],
    ['a list', ['ext', 'int'], 'l3:ext3:inte'],
    ['a dictionary, its keys in order', { b: 1, a: 'x' }, 'd1:a1:x1:bi1ee'],
    ['nested things', { codec: { mask: ['G722'] } }, 'd5:codecd4:maskl4:G722eee'],
  ])('writes and reads %s', (_, value, text) => {
    expect(encode(value).toString()).toBe(text);
    expect(decode(Buffer.from(text))).toEqual(value);
  });

  test('leaves out keys without a value', () => {
    expect(encode({ a: undefined, b: 'x' }).toString()).toBe('d1:b1:xe');
  });

  test('keeps SDP with its line ends', () => {
    const sdp = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n';
    expect(decode(encode({ sdp }))).toEqual({ sdp });
  });

  test('a key cannot reach the prototype', () => {
    const read = decode(Buffer.from('d9:__proto__d1:a1:xee')) as Record<string, unknown>;
    expect(read.a).toBeUndefined();
  });

  test.each([
    '',
    'i',
    'i12',
    'ie',
    'i1x2e',
    '5:abc',
    '-1:',
    'l',
    'l3:abc',
    'd',
    'd3:key',
    'di1e1:ae',
    'x',
    '4:pingrest',
    `${'l'.repeat(100)}${'e'.repeat(100)}`,
  ])('refuses %j', text => {
    expect(() => decode(Buffer.from(text))).toThrow();
  });
});
