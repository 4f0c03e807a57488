import { describe, expect, test } from 'vitest';
import { buildRtp, isRtcp, parseRtp, seqDiff } from '../../../src/stage/rtp/packet.ts';
import { aPacket, IDR } from './builders.ts';

describe('an RTP packet', () => {
  test('is read as it was written', () => {
    const packet = aPacket({ seq: 65_535, timestamp: 0xfffffffe, ssrc: 0x89abcdef, payload: IDR });
    expect(parseRtp(buildRtp(packet))).toEqual(packet);
  });

  test('loses contributing sources, header extension and padding', () => {
    const header = Buffer.from('b2e100010000000200000003', 'hex'); // P, X, CC=2, M, PT 97
    const contributors = Buffer.alloc(8);
    const extension = Buffer.from('bede0001aabbccdd', 'hex');
    const data = Buffer.concat([header, contributors, extension, IDR, Buffer.from([0, 0, 3])]);
    expect(parseRtp(data)).toEqual(
      aPacket({ seq: 1, timestamp: 2, ssrc: 3, payload: Buffer.from(IDR) }),
    );
  });

  test.each([
    ['nothing', ''],
    ['less than a header', '80610001000000020000'],
    ['another version', '00610001000000020000000365'],
    ['no payload', '806100010000000200000003'],
    ['an extension cut off', '906100010000000200000003bede'],
    ['an extension longer than the packet', '906100010000000200000003bede00ff65'],
    ['more padding than packet', 'a0610001000000020000000365ff'],
    ['contributors cut off', '8f610001000000020000000365'],
  ])('is refused when it is %s', (_, hex) => {
    expect(parseRtp(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  test('is told from RTCP on the same port', () => {
    expect(isRtcp(Buffer.from('80c80000', 'hex'))).toBe(true);
    expect(isRtcp(Buffer.from('81ce0002', 'hex'))).toBe(true);
    expect(isRtcp(buildRtp(aPacket({ payloadType: 107 })))).toBe(false);
  });
});

test.each([
  [5, 3, 2],
  [3, 5, -2],
  [0, 65_535, 1],
  [65_535, 0, -1],
  [7, 7, 0],
])('%i comes %i → %i later', (a, b, later) => {
  expect(seqDiff(a, b)).toBe(later);
});
