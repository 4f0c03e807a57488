import { describe, expect, test } from 'vitest';
import {
  appHeader,
  appHeaders,
  contentType,
  fromWithoutLocalhost,
  otherHeaders,
  ownContact,
  parseAppMessage,
  withoutLocalhost,
} from '../../../../src/sip-agent/drachtio/app-message.ts';
import { FakeFlow } from '../fake-flow.ts';

const parse = (text: string) => parseAppMessage(Buffer.from(text));

test('the body is all after the empty line, whatever Content-Length says', () => {
  const message = parse('INFO sip:x SIP/2.0\r\nContent-Length: 5\r\n\r\nchào bạn');
  expect(message.body.toString()).toBe('chào bạn');
  expect(message.startLine).toBe('INFO sip:x SIP/2.0');
});

test('headers are found whatever their case, and what is ours is dropped', () => {
  const message = parse(
    'INVITE sip:x SIP/2.0\r\nVIA: a\r\nroute: b\r\nRecord-Route: c\r\nrseq: 1\r\nl: 3\r\nbad name: d\r\nno colon\r\nuser-agent: e\r\nUser-Agent: f\r\n\r\n',
  );
  expect(message.headers).toEqual([
    ['user-agent', 'e'],
    ['User-Agent', 'f'],
  ]);
  expect(appHeader(message, 'user-agent')).toBe('e');
  expect(appHeaders(message, 'user-agent')).toEqual(['e', 'f']);
  expect(otherHeaders(message, ['user-agent'])).toEqual([]);
});

describe('the type of a body', () => {
  const type = (headers: string, body: string) =>
    contentType(parse(`INFO x SIP/2.0\r\n${headers}\r\n${body}`))[0]?.[1];

  test('is as given', () => {
    expect(type('c: text/plain\r\n', 'x')).toBe('text/plain');
  });

  test('is SDP by its first line', () => {
    expect(type('', 'v=0\r\n')).toBe('application/sdp');
  });

  test('is nothing without a body', () => {
    expect(type('c: text/plain\r\n', '')).toBeUndefined();
  });

  test('must be known', () => {
    expect(() => type('', 'x')).toThrow('missing content-type');
  });
});

describe('localhost', () => {
  const udp = new FakeFlow();

  test.each([
    ['"A" <sip:a@localhost;lr>;tag=1', '"A" <sip:a@192.0.2.1:5060;lr>;tag=1'],
    ['sip:a@LOCALHOST:5080', 'sip:a@192.0.2.1:5060'],
    ['<sip:a@localhost.example>', '<sip:a@localhost.example>'],
    ['<sip:localhost>', '<sip:localhost>'],
  ])('%s', (value, expected) => {
    expect(withoutLocalhost(value, udp)).toBe(expected);
  });

  test('in From stands for us also without a user', () => {
    expect(fromWithoutLocalhost('<sip:localhost>', udp)).toBe('<sip:192.0.2.1:5060>');
  });

  test('our Contact names the transport unless it is UDP', () => {
    expect(ownContact(udp)).toBe('<sip:192.0.2.1:5060>');
    expect(ownContact(new FakeFlow('tcp'))).toBe('<sip:192.0.2.1:5060;transport=tcp>');
  });
});
