import { describe, expect, test } from 'vitest';
import {
  copyRequest,
  feedAnswer,
  feedId,
  feedOffer,
  legAnswer,
  legOffer,
} from '../../../src/media/commands.ts';

describe('what rtpengine is told', () => {
  test('a leg goes from outside to inside, without ICE, and keeps its codec', () => {
    const offer = legOffer('c', 'v=0', undefined);
    expect(offer).toMatchObject({
      'call-id': 'c',
      'from-tag': 'endpoint',
      direction: ['ext', 'int'],
      ICE: 'remove',
      'rtcp-mux': ['demux'],
    });
    expect(offer).not.toHaveProperty('codec');
    expect(legAnswer('c', 'v=0')).toMatchObject({ 'from-tag': 'endpoint', 'to-tag': 'inside' });
  });

  test('a transcoded leg hides its codecs from the inner side', () => {
    expect(legOffer('c', 'v=0', 'opus')).toMatchObject({
      codec: { mask: ['G722', 'PCMA', 'PCMU'], transcode: ['opus'] },
    });
  });

  test('a feed goes from inside to outside, with ICE and DTLS, and plain in its answer', () => {
    expect(feedOffer(feedId('c'), 'v=0')).toMatchObject({
      'call-id': 'c-feed',
      direction: ['int', 'ext'],
      ICE: 'force',
      'transport-protocol': 'UDP/TLS/RTP/SAVPF',
    });
    expect(feedAnswer(feedId('c'), 'v=0')).toMatchObject({
      ICE: 'remove',
      'transport-protocol': 'RTP/AVP',
    });
  });

  test('a copy is of what the endpoint sends, and stays inside', () => {
    expect(copyRequest('c')).toMatchObject({ 'from-tag': 'endpoint', interface: 'int' });
  });
});
