import { expect, it } from 'vitest';
import { tidySdp } from '../../../src/sdp/tidy.ts';

it.each<[situation: string, text: string, lines: string[]]>([
  ['line ends of every kind', 'v=0\no=x\r\ns=a\rt=0 0', ['v=0', 'o=x', 's=a', 't=0 0']],
  ['byte order mark and empty lines', '\ufeff\r\n\r\nv=0\n \nt=0 0\n\n', ['v=0', 't=0 0']],
  ['text before the first line', 'hello\nv=0', ['v=0']],
  ['empty s=', 's=\ns= ', ['s=-', 's=-']],
  ['double spaces and tabs', 'm=audio  4000\tRTP/AVP   8 ', ['m=audio 4000 RTP/AVP 8']],
  [
    'spaces around the colon of an attribute',
    'a=rtpmap : 97 H264/90000',
    ['a=rtpmap:97 H264/90000'],
  ],
  ['control characters', 'a=x\u0000:\u00071\u007f', ['a=x:1']],
  ['a wrapped list', 'm=audio 4000 RTP/AVP 8\n 0 9', ['m=audio 4000 RTP/AVP 8 0 9']],
  ['a wrapped rtpmap', 'a=rtpmap:97\nH264/90000', ['a=rtpmap:97 H264/90000']],
  [
    'an fmtp wrapped in a word',
    'a=fmtp:97 packetiza\ntion-mode=1',
    ['a=fmtp:97 packetization-mode=1'],
  ],
  ['an fmtp wrapped before its value', 'a=fmtp:97\nmax-fs=1', ['a=fmtp:97 max-fs=1']],
  ['an fmtp wrapped at =', 'a=fmtp:97 max-fs\n=99', ['a=fmtp:97 max-fs=99']],
  ['capitals are no line types', 'a=fmtp:97 A=1;\nV=1;x', ['a=fmtp:97 A=1;V=1;x']],
  ['m= of a wrapped fmtp', 'a=fmtp:97 n=1;\nm=8;p=2', ['a=fmtp:97 n=1;m=8;p=2']],
  ['an m-line after a semicolon', 'a=fmtp:97 n=1;\nm=x 1 y', ['a=fmtp:97 n=1;', 'm=x 1 y']],
  ['nothing', '', ['']],
])('tidies %s', (_situation, text, lines) => {
  expect(tidySdp(text)).toBe(`${lines.join('\r\n')}\r\n`);
});
