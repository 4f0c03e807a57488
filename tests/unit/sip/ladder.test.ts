import { expect, test } from 'vitest';
import { Ladder, redactSip } from '../../../src/sip/ladder.ts';

const INVITE = [
  'INVITE sip:1001@192.0.2.1 SIP/2.0',
  'From: <sip:xa-1@192.0.2.1>;tag=1',
  'Authorization: Digest username="xa-1", realm="r",',
  ' nonce="n", response="0123456789abcdef"',
  'PROXY-AUTHORIZATION: Digest response="fedcba"',
  'Content-Type: application/sdp',
  '',
  'v=0',
  'm=audio 5000 RTP/SAVP 8',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
  '',
].join('\r\n');

test('neither credentials nor keys are kept', () => {
  const text = redactSip(INVITE);
  for (const secret of ['0123456789abcdef', 'nonce', 'fedcba', 'd0RmdmcmVCspeEc3'])
    expect(text).not.toContain(secret);
  expect(text).toContain('Authorization: [redacted]\r\nPROXY-AUTHORIZATION: [redacted]\r\n');
  expect(text).toContain('From: <sip:xa-1@192.0.2.1>;tag=1');
  expect(text).toContain('m=audio 5000 RTP/SAVP 8');
});

test('messages are kept in order, with their first line', () => {
  const ladder = new Ladder();
  ladder.received(INVITE);
  ladder.sent('SIP/2.0 200 OK', 'v=0\r\nm=audio 30000 RTP/AVP 8\r\n');
  expect(ladder.messages).toMatchObject([
    { direction: 'in', summary: 'INVITE sip:1001@192.0.2.1 SIP/2.0' },
    { direction: 'out', summary: 'SIP/2.0 200 OK' },
  ]);
  expect(ladder.messages[1]?.text).toContain('m=audio 30000');
});

test('a talkative device does not fill the memory', () => {
  const ladder = new Ladder();
  for (let index = 0; index < 1000; index++) ladder.received(`INFO ${'x'.repeat(60_000)}`);
  const kept = ladder.messages.reduce((sum, { text }) => sum + text.length, 0);
  expect(kept).toBeLessThan(1_000_000);
});
