import { describe, expect, test } from 'vitest';
import {
  cseqOf,
  headerList,
  headerOf,
  splitList,
} from '../../../../src/sip-agent/message/message.ts';
import { contentLength, endOfHead, parseMessage } from '../../../../src/sip-agent/message/parse.ts';

function parsed(text: string | Buffer) {
  const result = parseMessage(Buffer.from(text));
  if (!result.ok) throw new Error(result.reason);
  return result.message;
}

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`;

describe('a request', () => {
  const message = parsed(
    `${lines('INVITE sip:room@hall SIP/2.0', 'Via: SIP/2.0/UDP a', 'l: 5')}hello and more`,
  );

  test('gives method, URI and version', () => {
    expect(message).toMatchObject({
      kind: 'request',
      method: 'INVITE',
      uri: 'sip:room@hall',
      version: 'SIP/2.0',
    });
  });

  test('ends where Content-Length says', () => {
    expect(message.body.toString()).toBe('hello');
  });

  test('keeps its head byte for byte', () => {
    expect(message.head.toString()).toBe(
      lines('INVITE sip:room@hall SIP/2.0', 'Via: SIP/2.0/UDP a', 'l: 5'),
    );
  });
});

test('a response gives status and reason', () => {
  expect(parsed(lines('SIP/2.0 486 Bận rồi', 'To: x'))).toMatchObject({
    kind: 'response',
    status: 486,
    reason: 'Bận rồi',
  });
});

test('a response may do without a reason', () => {
  expect(parsed(lines('SIP/2.0 200', 'To: x'))).toMatchObject({ status: 200, reason: '' });
});

test.each([
  ['compact names', 'v: SIP/2.0/UDP a', 'via', 'SIP/2.0/UDP a'],
  ['odd case', 'cALL-iD: x', 'call-id', 'x'],
  ['spaces before the colon', 'To   : <sip:a@b>', 'to', '<sip:a@b>'],
  ['no space after the colon', 'To:<sip:a@b>', 'to', '<sip:a@b>'],
  ['a folded value', 'Subject: one\r\n\t two\r\n three', 'subject', 'one two three'],
  ['a value that is empty', 'Subject:', 'subject', ''],
  ['a colon in the value', 'Contact: <sip:a:b@c:5060>', 'contact', '<sip:a:b@c:5060>'],
  ['letters beyond ASCII', 'Subject: Điểm Cầu', 'subject', 'Điểm Cầu'],
  ['a lone CR and a NUL', 'Subject: a\rVia: b\0c', 'subject', 'a Via: b c'],
])('%s are read', (_what, line, key, value) => {
  expect(headerOf(parsed(lines('OPTIONS sip:x SIP/2.0', line)), key)).toBe(value);
});

test('bare line feeds end lines as well', () => {
  const message = parsed('OPTIONS sip:x SIP/2.0\nFrom: a\nl: 2\n\nok');
  expect(headerOf(message, 'from')).toBe('a');
  expect(message.body.toString()).toBe('ok');
});

test('an empty line in the body does not end the head', () => {
  const message = parsed('OPTIONS sip:x SIP/2.0\nFrom: a\n\nbody\r\n\r\nmore');
  expect(message.head.toString()).toBe('OPTIONS sip:x SIP/2.0\nFrom: a\n\n');
});

test('the body is counted in bytes', () => {
  const message = parsed(`${lines('MESSAGE sip:x SIP/2.0', 'Content-Length: 6')}chàoX`);
  expect(message.body.toString()).toBe('chàoX');
});

test('without Content-Length the body is all that is left', () => {
  expect(parsed(`${lines('MESSAGE sip:x SIP/2.0')}all of it`).body.toString()).toBe('all of it');
});

test.each([
  ['nothing', ''],
  ['no empty line', 'INVITE sip:x SIP/2.0\r\nVia: y'],
  ['no start line', lines('Via: x')],
  ['a start line of one word', lines('INVITE')],
  ['no request-URI', lines('INVITE SIP/2.0')],
  ['a method with a bracket', lines('INV(ITE sip:x SIP/2.0')],
  ['another protocol', lines('GET / HTTP/1.1')],
  ['a status out of range', lines('SIP/2.0 700 Odd')],
  ['a status of letters', lines('SIP/2.0 abc')],
  ['a response of another version', lines('SIP/3.0 200 OK')],
  ['too many headers', lines('INVITE sip:x SIP/2.0', ...Array<string>(300).fill('a: b'))],
  ['a header too long', lines('INVITE sip:x SIP/2.0', `a: ${'x'.repeat(9_000)}`)],
  ['noise', Buffer.from([0, 255, 13, 10, 13, 10, 7])],
])('%s is refused and does not throw', (_what, text) => {
  expect(parseMessage(Buffer.from(text))).toMatchObject({ ok: false });
});

test.each([
  ['longer than what came', 'Content-Length: 99'],
  ['negative', 'Content-Length: -1'],
  ['no number', 'Content-Length: many'],
])('a request whose Content-Length is %s can still be answered', (_what, line) => {
  const result = parseMessage(Buffer.from(`${lines('INVITE sip:x SIP/2.0', line)}short`));
  expect(result).toMatchObject({ ok: false, request: { method: 'INVITE' } });
});

test.each([
  `OPTIONS ${' '.repeat(60_000)}x`,
  `OPTIONS sip:x SIP/2.0\r\nContent-Length:${' '.repeat(60_000)}x`,
  `OPTIONS sip:x SIP/2.0\r\n${'a'.repeat(60_000)}`,
])('hostile lines end soon', text => {
  expect(parseMessage(Buffer.from(`${text}\r\n\r\n`)).ok).toBe(false);
});

test('every cut of a message is survived', () => {
  const whole = Buffer.from(`${lines('INVITE sip:x SIP/2.0', 'v: a', 'l: 4')}body`);
  for (let length = 0; length < whole.length; length++)
    expect(() => parseMessage(whole.subarray(0, length))).not.toThrow();
});

test.each([
  ['a, b', ['a', 'b']],
  ['"x, y" <sip:a@b>, <sip:c,d@e>', ['"x, y" <sip:a@b>', '<sip:c,d@e>']],
  ['"quote \\" , inside" <sip:a>, b', ['"quote \\" , inside" <sip:a>', 'b']],
  [' , ,a', ['a']],
])('the list %j is split', (value, parts) => {
  expect(splitList(value)).toEqual(parts);
});

test('values of several lines and of one line make one list', () => {
  const message = parsed(lines('INVITE sip:x SIP/2.0', 'Route: <a>, <b>', 'ROUTE: <c>'));
  expect(headerList(message, 'route')).toEqual(['<a>', '<b>', '<c>']);
});

test.each([
  ['7 INVITE', { number: 7, method: 'INVITE' }],
  ['0009   BYE', { number: 9, method: 'BYE' }],
  ['2147483648 INVITE', undefined],
  ['INVITE', undefined],
  ['-1 INVITE', undefined],
])('CSeq %j', (value, expected) => {
  expect(cseqOf({ headers: [{ key: 'cseq', value }] })).toEqual(expected);
});

test.each([
  ['a\r\n\r\nb', 5],
  ['a\n\nb', 3],
  ['a\r\n\nb', 4],
  ['a\r\n\r', undefined],
  ['', undefined],
])('the head of %j ends', (text, end) => {
  expect(endOfHead(Buffer.from(text))).toBe(end);
});

test.each([
  ['x\r\nContent-Length: 12\r\n\r\n', 12],
  ['x\r\nl :  7 \r\n\r\n', 7],
  ['x\r\n\r\n', 0],
  ['x\r\nContent-Length: \r\n\r\n', Number.NaN],
  ['x\r\nContent-Length: 1e3\r\n\r\n', Number.NaN],
])('the Content-Length of %j', (head, length) => {
  expect(contentLength(head)).toBe(length);
});
