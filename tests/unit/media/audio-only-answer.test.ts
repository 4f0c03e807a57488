import { expect, test } from 'vitest';
import { audioOnlyAnswer } from '../../../src/media/audio-only-answer.ts';

/** With the address of the session, or of each stream. */
const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 30000 RTP/AVP 8',
  'a=rtpmap:8 PCMA/8000',
  'a=sendonly',
  'a=rtcp:30001',
  'm=video 30002 RTP/AVP 97',
  'c=IN IP4 127.0.0.1',
  'a=rtpmap:97 H264/90000',
  'a=sendonly',
  'a=rtcp:30003',
  '',
].join('\r\n');

test('takes the sound to the given address and refuses every other stream, whose RTCP comes along', () => {
  const answer = audioOnlyAnswer(OFFER, { host: '10.0.0.9', rtpPort: 5000, rtcpPort: 5001 });
  expect(answer.split('\r\n').slice(5)).toEqual([
    'm=audio 5000 RTP/AVP 8',
    'c=IN IP4 10.0.0.9',
    'a=rtcp:5001',
    'a=rtpmap:8 PCMA/8000',
    'a=recvonly',
    'm=video 0 RTP/AVP 97',
    'c=IN IP4 10.0.0.9',
    'a=rtcp:5001',
    'a=rtpmap:97 H264/90000',
    'a=inactive',
    '',
  ]);
});
