import { expect, test } from 'vitest';
import { parseMessage } from '../../../../src/sip-agent/message/parse.ts';
import { faultOf, isAnswerable } from '../../../../src/sip-agent/message/sanity.ts';

const GOOD: Record<string, string> = {
  Via: 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1',
  From: '<sip:a@example.vn>;tag=1',
  To: '<sip:b@example.vn>',
  'Call-ID': 'c',
  CSeq: '1 INVITE',
  Contact: '<sip:a@192.0.2.1>',
};

function request(
  startLine: string,
  headers: Readonly<Record<string, string | undefined>>,
  extra = '',
) {
  const lines = Object.entries(headers).filter(([, value]) => value !== undefined);
  const head = [startLine, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  const parsed = parseMessage(Buffer.from(`${head}\r\n${extra}\r\n`));
  if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('test message unreadable');
  return parsed.message;
}

const invite = 'INVITE sip:b@example.vn SIP/2.0';

test('a whole request has no fault', () => {
  expect(faultOf(request(invite, GOOD))).toBeUndefined();
});

/** In the manner of the torture messages of RFC 4475: odd, but right. */
test.each([
  ['a method nobody knows', 'W!H%a.t sip:b SIP/2.0', { CSeq: '1 W!H%a.t', Contact: undefined }, ''],
  [
    'an escaped user and a strange parameter',
    'INVITE sip:a%20b%00?c@example.vn;x=%3b SIP/2.0',
    {},
    '',
  ],
  ['a telephone number', 'INVITE tel:+84-24-1234 SIP/2.0', {}, ''],
  ['a From without tag, of RFC 2543', invite, { From: '<sip:a@b>' }, ''],
  [
    'many Vias in all forms',
    invite,
    { Via: 'SIP / 2.0 / UDP  192.0.2.1 : 99 ;branch=z9hG4bK1, SIP/2.0/TCP spindle.example' },
    '',
  ],
  [
    'empty quotes and brackets in the name',
    invite,
    { From: '"" <sip:a@b>;tag=1', To: '"<not@this>" <sip:b@c>' },
    '',
  ],
  ['a To without brackets', invite, { To: 'sip:b@example.vn' }, ''],
  ['lower case all over', invite, { CSeq: '0000000001    INVITE' }, 'l: 0\r\n'],
  [
    'unregistering with a star',
    'REGISTER sip:b SIP/2.0',
    { CSeq: '1 REGISTER', Contact: '*' },
    'Expires: 0\r\n',
  ],
])('%s is in order', (_what, startLine, change, extra) => {
  expect(faultOf(request(startLine, { ...GOOD, ...change }, extra))).toBeUndefined();
});

test.each([
  ['no From', invite, { From: undefined }, ''],
  ['no Call-ID', invite, { 'Call-ID': undefined }, ''],
  ['an empty To', invite, { To: '' }, ''],
  ['two Call-IDs', invite, {}, 'i: other\r\n'],
  ['two CSeqs', invite, {}, 'CSeq: 2 INVITE\r\n'],
  ['two Content-Lengths', invite, {}, 'l: 0\r\nContent-Length: 0\r\n'],
  ['a bar in the Call-ID', invite, { 'Call-ID': 'a|b' }, ''],
  ['a bar in a tag', invite, { From: '<sip:a@b>;tag=a|b' }, ''],
  ['a From that is none', invite, { From: 'Hall <sip:a@b' }, ''],
  ['a quote that does not end', invite, { To: '"Hall <sip:a@b>' }, ''],
  ['headers in the request-URI', 'INVITE sip:b@example.vn?x=y SIP/2.0', {}, ''],
  ['a request-URI without scheme', 'INVITE b@example.vn SIP/2.0', {}, ''],
  ['IPv6 without brackets', 'INVITE sip:b@2001:db8::1 SIP/2.0', {}, ''],
  ['a bracket that does not close', invite, { To: '<sip:b@c' }, ''],
  ['a CSeq of another method', invite, { CSeq: '1 OPTIONS' }, ''],
  ['a CSeq beyond 31 bits', invite, { CSeq: '36893488147419103232 INVITE' }, ''],
  ['a Via that is none', invite, { Via: 'UDP 192.0.2.1' }, ''],
  ['a Via with an impossible port', invite, { Via: 'SIP/2.0/UDP a:70000;branch=x' }, ''],
  ['a Via with port 0', invite, { Via: 'SIP/2.0/UDP a:0;branch=x' }, ''],
  ['spaces in the request-URI', 'INVITE sip:b@example.vn; lr SIP/2.0', {}, ''],
  ['brackets around the request-URI', 'INVITE <sip:b@example.vn> SIP/2.0', {}, ''],
  ['an INVITE without Contact', invite, { Contact: undefined }, ''],
  [
    'a star with other contacts',
    'REGISTER sip:b SIP/2.0',
    { CSeq: '1 REGISTER', Contact: '*, <sip:a@b>' },
    'Expires: 0\r\n',
  ],
  [
    'a star without Expires 0',
    'REGISTER sip:b SIP/2.0',
    { CSeq: '1 REGISTER', Contact: '*' },
    'Expires: 60\r\n',
  ],
])('%s is refused with 400', (_what, startLine, change, extra) => {
  expect(faultOf(request(startLine, { ...GOOD, ...change }, extra))?.status).toBe(400);
});

test('another scheme is refused with 416', () => {
  expect(faultOf(request('INVITE soap.beep://192.0.2.1 SIP/2.0', GOOD))?.status).toBe(416);
});

test('another version is refused with 505', () => {
  const message = request('OPTIONS sip:b SIP/7.0', { ...GOOD, CSeq: '1 OPTIONS' });
  expect(faultOf(message)?.status).toBe(505);
});

test('a request without the headers of a response cannot be answered', () => {
  expect(isAnswerable(request(invite, GOOD))).toBe(true);
  expect(isAnswerable(request(invite, { ...GOOD, Via: undefined }))).toBe(false);
});
