import { describe, expect, test } from 'vitest';
import {
  encodeFrame,
  FrameReader,
  joinFrame,
  splitFrame,
  timeToken,
} from '../../../../src/sip-agent/drachtio/framing.ts';

const frame = (text: string) => encodeFrame(Buffer.from(text));

test('the length counts bytes', () => {
  expect(frame('đ').toString()).toBe('2#đ');
});

test('frames are cut out wherever the stream was split', () => {
  const whole = Buffer.concat([frame('a|b\r\nđ'), frame(''), frame('x'.repeat(2_000))]);
  for (const size of [1, 2, 3, 7, 100, whole.length]) {
    const reader = new FrameReader();
    const got: string[] = [];
    for (let at = 0; at < whole.length; at += size)
      got.push(...reader.push(whole.subarray(at, at + size)).map(String));
    expect(got).toEqual(['a|b\r\nđ', '', 'x'.repeat(2_000)]);
  }
});

test.each(['x#', '-1#a', '#a', '1 #a', '12345678', '9999999#', ' 1#a', '\n1#a'])(
  'the length %j is refused',
  text => {
    expect(() => new FrameReader().push(Buffer.from(text))).toThrow();
  },
);

describe('a frame', () => {
  test('splits into tokens and message', () => {
    const { tokens, message } = splitFrame(Buffer.from('id|sip||dlg;from-tag=1\r\nACK x\r\n\r\n'));
    expect(tokens).toEqual(['id', 'sip', '', 'dlg;from-tag=1']);
    expect(message.toString()).toBe('ACK x\r\n\r\n');
  });

  test('may have no message', () => {
    expect(splitFrame(Buffer.from('id|ping')).message).toHaveLength(0);
    expect(joinFrame(['id', 'ping', 7]).toString()).toBe('id|ping|7');
  });

  test('comes back as it was joined', () => {
    const joined = joinFrame(['a', ''], Buffer.from('m|n'));
    expect(splitFrame(joined)).toEqual({ tokens: ['a', ''], message: Buffer.from('m|n') });
  });
});

test('the time has microseconds', () => {
  expect(timeToken()).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
});
