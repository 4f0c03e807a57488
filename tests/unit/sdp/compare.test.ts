import { describe, expect, it } from 'vitest';
import {
  compare,
  type MediaPlan,
  needsKeyframeAsked,
  needsKeyframeSent,
  plan,
} from '../../../src/sdp/index.ts';
import { H264, planned, sdpOf } from './build.ts';
import { CAPABILITIES, fixtureNames, readOffer } from './corpus.ts';
import { inlineKey } from './keys.ts';

const AUDIO = ['m=audio 4000 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/8000'];
const VIDEO = ['m=video 5000 RTP/AVP 97', ...H264, 'a=rtcp-fb:* nack pli'];
const CALL = [...AUDIO, ...VIDEO];
const SLIDES = ['m=video 5010 RTP/AVP 97', ...H264, 'a=content:slides'];
const best = { ...CAPABILITIES, srtp: 'best-effort' } as const;
const key = (fill: number, padded = true) =>
  `a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:${inlineKey(46, fill).replace(padded ? '' : /=+$/, '')}`;

const of = (lines: string[]): MediaPlan => planned(sdpOf(...lines), best);
const withLine = (extra: string) => [...AUDIO, extra, ...VIDEO, extra];
const instead = (from: string, to: string) => CALL.map(line => line.replace(from, to));

/** Changes as words: `video moved`, with numbers where there are some. */
function words(before: string[], after: string[]): string[] {
  return compare(of(before), of(after)).map(change => {
    const { medium, kind } = change;
    if (kind === 'moved')
      return `${medium} moved ${change.from.host}:${change.from.rtpPort}→${change.to.host}:${change.to.rtpPort}`;
    return kind === 'payload-type'
      ? `${medium} ${kind} ${change.from}→${change.to}`
      : `${medium} ${kind}`;
  });
}

describe('pain 5: what a re-negotiation changed', () => {
  it.each<[situation: string, before: string[], after: string[], changes: string[]]>([
    ['nothing', CALL, CALL, []],
    ['hold by sendonly', CALL, withLine('a=sendonly'), ['audio hold', 'video hold']],
    [
      'hold by inactive',
      CALL,
      withLine('a=inactive'),
      ['audio hold', 'audio peer-silent', 'video hold', 'video peer-silent'],
    ],
    ['hold by 0.0.0.0', CALL, withLine('c=IN IP4 0.0.0.0'), ['audio hold', 'video hold']],
    ['resume', withLine('a=sendonly'), CALL, ['audio resume', 'video resume']],
    [
      'resume of inactive',
      withLine('a=inactive'),
      CALL,
      ['audio resume', 'audio peer-sending', 'video resume', 'video peer-sending'],
    ],
    [
      'resume from 0.0.0.0, where nobody knows what it was before',
      withLine('c=IN IP4 0.0.0.0'),
      CALL,
      [
        'audio resume',
        'audio moved 0.0.0.0:4000→192.0.2.5:4000',
        'video resume',
        'video moved 0.0.0.0:5000→192.0.2.5:5000',
      ],
    ],
    ['the camera closed', CALL, [...CALL, 'a=recvonly'], ['video peer-silent']],
    ['the camera open again', [...CALL, 'a=recvonly'], CALL, ['video peer-sending']],
    ['picture off by port 0', CALL, instead('video 5000', 'video 0'), ['video off']],
    ['picture off by leaving it out', CALL, AUDIO, ['video off']],
    ['picture on', AUDIO, CALL, ['video on']],
    ['sound off', CALL, instead('audio 4000', 'audio 0'), ['audio off']],
    [
      'another port',
      CALL,
      instead('video 5000', 'video 5008'),
      ['video moved 192.0.2.5:5000→192.0.2.5:5008'],
    ],
    [
      'another RTCP port',
      CALL,
      [...CALL, 'a=rtcp:5009'],
      ['video moved 192.0.2.5:5000→192.0.2.5:5000'],
    ],
    [
      'another address',
      CALL,
      withLine('c=IN IP4 192.0.2.77'),
      ['audio moved 192.0.2.5:4000→192.0.2.77:4000', 'video moved 192.0.2.5:5000→192.0.2.77:5000'],
    ],
    [
      'another number of the same coder',
      CALL,
      CALL.map(line => line.replaceAll('97', '110')),
      ['video payload-type 97→110'],
    ],
    [
      'another coder',
      CALL,
      instead('RTP/AVP 8 101', 'RTP/AVP 0 101'),
      ['audio payload-type 8→0', 'audio format'],
    ],
    [
      'another codec under the same number',
      [...AUDIO, 'm=video 5000 RTP/AVP 97', 'a=rtpmap:97 H263/90000'],
      [...AUDIO, 'm=video 5000 RTP/AVP 97', 'a=rtpmap:97 H263-1998/90000'],
      ['video format'],
    ],
    [
      'H.263 instead of H.264',
      CALL,
      [...AUDIO, 'm=video 5000 RTP/AVP 34', 'a=rtcp-fb:* nack pli'],
      ['video payload-type 97→34', 'video format', 'video limits'],
    ],
    ['loss reports', CALL, [...CALL, 'a=rtcp-fb:* nack'], ['video feedback']],
    ['no bitrate requests', [...CALL, 'a=rtcp-fb:* ccm tmmbr'], CALL, ['video feedback']],
    ['another mode', CALL, instead('mode=1', 'mode=0'), ['video format']],
    ['a smaller decoder', CALL, instead('42801f', '42801e'), ['video format', 'video limits']],
    ['a narrower line', CALL, [...AUDIO, ...VIDEO.toSpliced(1, 0, 'b=AS:256')], ['video limits']],
    [
      'digits under another number',
      CALL,
      CALL.map(line => line.replaceAll('101', '99')),
      ['audio digits'],
    ],
    ['no digits', CALL, instead('8 101', '8'), ['audio digits']],
    [
      'another way to ask for key frames',
      CALL,
      instead('nack pli', 'ccm fir'),
      ['video refresh-method'],
    ],
    ['encrypted now', CALL, [...CALL, key(1)], ['video encryption']],
    ['another key', [...CALL, key(1)], [...CALL, key(2)], ['video encryption']],
    ['the same key, padded otherwise', [...CALL, key(1)], [...CALL, key(1, false)], []],
    ['in the clear again', [...CALL, key(1)], CALL, ['video encryption']],
    ['slides offered', CALL, [...CALL, ...SLIDES], ['slides on']],
    ['slides withdrawn', [...CALL, ...SLIDES], CALL, ['slides off']],
  ])('%s', (_situation, before, after, changes) => expect(words(before, after)).toEqual(changes));

  it('ten holds and resumes end where they began', () => {
    let session = of(CALL);
    for (let round = 0; round < 10; round++) {
      const held = of(withLine('a=sendonly'));
      expect(compare(session, held).map(({ kind }) => kind)).toEqual(['hold', 'hold']);
      session = of(CALL);
      expect(compare(held, session).map(({ kind }) => kind)).toEqual(['resume', 'resume']);
    }
    expect(compare(of(CALL), session)).toEqual([]);
  });

  it.each(fixtureNames())('%s repeated by a session timer changes nothing', name => {
    const results = [readOffer(name), readOffer(name)].map(text => plan(text, best));
    const [before, after] = results.map(result => (result.ok ? result.plan : undefined));
    expect(before && after ? compare(before, after) : []).toEqual([]);
  });
});

describe('pain 6: key frames after a re-negotiation', () => {
  it.each<[situation: string, before: string[], after: string[], sent: boolean, asked: boolean]>([
    ['nothing changed', CALL, CALL, false, false],
    ['hold', CALL, withLine('a=sendonly'), false, false],
    ['resume', withLine('a=sendonly'), CALL, true, true],
    ['picture on', AUDIO, CALL, true, true],
    ['moved', CALL, instead('video 5000', 'video 5008'), true, true],
    ['H.263 instead of H.264', CALL, [...AUDIO, 'm=video 5000 RTP/AVP 34'], true, true],
    ['loss reports', CALL, [...CALL, 'a=rtcp-fb:* nack'], false, false],
    ['sound moved', CALL, instead('audio 4000', 'audio 4008'), false, false],
    ['camera open again', [...CALL, 'a=recvonly'], CALL, false, true],
    ['narrower line', CALL, [...AUDIO, ...VIDEO.toSpliced(1, 0, 'b=AS:256')], true, false],
    ['digits', CALL, instead('8 101', '8'), false, false],
  ])('%s', (_situation, before, after, sent, asked) => {
    const changes = compare(of(before), of(after));
    expect([needsKeyframeSent(changes), needsKeyframeAsked(changes)]).toEqual([sent, asked]);
  });
});
