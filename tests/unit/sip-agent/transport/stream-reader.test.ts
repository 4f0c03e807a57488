import { describe, expect, test } from 'vitest';
import {
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  StreamReader,
} from '../../../../src/sip-agent/transport/stream-reader.ts';

const message = (body: string) =>
  `MESSAGE sip:x SIP/2.0\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function read(...chunks: (string | Buffer)[]): string[] {
  const reader = new StreamReader();
  return chunks
    .flatMap(chunk => reader.push(Buffer.from(chunk)))
    .map(item => (item.kind === 'message' ? item.data.toString() : item.kind));
}

test('two messages in one piece are two', () => {
  expect(read(message('one') + message('two'))).toEqual([message('one'), message('two')]);
});

test('a message in single bytes is one', () => {
  const bytes = [...Buffer.from(message('chào') + message(''))].map(byte => Buffer.of(byte));
  expect(read(...bytes)).toEqual([message('chào'), message('')]);
});

test('every cut in two gives the same', () => {
  const whole = Buffer.from(`\r\n\r\n${message('a\r\n\r\nb')}\r\n\r\n${message('c')}`);
  for (let at = 0; at <= whole.length; at++)
    expect(read(whole.subarray(0, at), whole.subarray(at))).toEqual([
      'ping',
      message('a\r\n\r\nb'),
      'ping',
      message('c'),
    ]);
});

test('a missing Content-Length means no body', () => {
  expect(read('OPTIONS sip:x SIP/2.0\r\n\r\n')).toEqual(['OPTIONS sip:x SIP/2.0\r\n\r\n']);
});

test('stray line ends between messages are skipped', () => {
  expect(read(`\r\n${message('a')}\r\n${message('b')}`)).toEqual([message('a'), message('b')]);
});

describe('what cannot be cut any more is broken', () => {
  test.each([
    ['a length that is none', 'X y SIP/2.0\r\nContent-Length: x\r\n\r\n'],
    ['a negative length', 'X y SIP/2.0\r\nl: -5\r\n\r\n'],
    ['a body too long', `X y SIP/2.0\r\nl: ${MAX_BODY_BYTES + 1}\r\n\r\n`],
    ['headers without end', 'a: b\r\n'.repeat(MAX_HEAD_BYTES / 6 + 1)],
    ['headers too long', `${'a: b\r\n'.repeat(MAX_HEAD_BYTES / 6 + 1)}\r\n`],
  ])('%s', (_what, text) => {
    expect(read(text, message('never read'))).toEqual(['broken']);
  });
});

test('it tells whether a message has begun', () => {
  const reader = new StreamReader();
  expect(reader.isInMessage).toBe(false);
  reader.push(Buffer.from('\r\n'));
  expect(reader.isInMessage).toBe(false);
  reader.push(Buffer.from(message('x').slice(0, -1)));
  expect(reader.isInMessage).toBe(true);
  reader.push(Buffer.from('x'));
  expect(reader.isInMessage).toBe(false);
});
