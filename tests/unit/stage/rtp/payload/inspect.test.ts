import { describe, expect, test } from 'vitest';
import { InboundStream } from '../../../../../src/stage/rtp/inbound-stream.ts';
import type { VideoCodec } from '../../../../../src/stage/rtp/payload/access-unit.ts';
import { inspectorFor } from '../../../../../src/stage/rtp/payload/inspect.ts';
import { aPacket, IDR, NON_IDR, PPS, SPS, stapA } from '../../builders.ts';
import { bits } from './builders.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const PSC = '0000 0000 0000 0000 1 00000 00000001 10 000';
const H263_INTRA = bits(PSC, '011 0 0000 01010 0 0');
const H263_INTER = bits(PSC, '010 1 0000 01010 0 0');
const H261_CIF = '00010ab0 e0000000';
const CIF = { width: 352, height: 288 };
const QCIF = { width: 176, height: 144 };

const CASES: readonly [VideoCodec, string, Buffer, boolean, object | undefined][] = [
  ['h264', 'IDR', IDR, true, undefined],
  ['h264', 'parameter sets and IDR', stapA(SPS, PPS, IDR), true, { width: 640, height: 360 }],
  ['h264', 'another slice', NON_IDR, false, undefined],
  [
    'vp8',
    'key frame',
    hex('90 80 05 50 01 00 9d 01 2a 80 42 68 c1'),
    true,
    { width: 640, height: 360 },
  ],
  ['vp8', 'key frame, later packet', hex('00 50 01 00 9d 01 2a 80 02 68 01'), false, undefined],
  ['vp8', 'interframe', hex('10 51 01 00 9d 01 2a 80 02 68 01'), false, undefined],
  ['vp8', 'key frame cut off', hex('10 50 01 00 9d'), false, undefined],
  ['h263', 'INTRA', Buffer.concat([hex('00600000'), H263_INTRA]), true, CIF],
  ['h263', 'INTER', Buffer.concat([hex('00500000'), H263_INTER]), false, QCIF],
  ['h263', 'a GOB', hex('00600000 00008800'), false, undefined],
  ['h263-1998', 'INTRA', Buffer.concat([hex('0400'), H263_INTRA.subarray(2)]), true, CIF],
  ['h263-1998', 'INTER', Buffer.concat([hex('0400'), H263_INTER.subarray(2)]), false, QCIF],
  ['h263-1998', 'a GOB', hex('0400 8800 00000000'), false, undefined],
  ['h263-1998', 'a piece', Buffer.concat([hex('0000'), H263_INTRA.subarray(2)]), false, undefined],
  ['h261', 'a picture', hex('00000000 000100 0e 0000'), false, CIF],
  ['h261', 'a picture that releases a frozen one', hex('00000000 000100 16 0000'), true, QCIF],
  ['h261', 'a GOB', hex('00000000 0001100000'), false, undefined],
];

test.each(CASES)('%s: %s', (codec, _, payload, startsKeyframe, size) => {
  expect(inspectorFor(codec)(payload)).toMatchObject({ startsKeyframe, size });
});

test.each(['h264', 'vp8', 'h263', 'h263-1998', 'h261'] as const)('%s: nothing', codec => {
  const nothing = { startsKeyframe: false, sps: undefined, pps: undefined, size: undefined };
  expect(inspectorFor(codec)(Buffer.alloc(0))).toEqual(nothing);
  expect(inspectorFor(codec)(Buffer.from(H261_CIF.slice(0, 2), 'hex'))).toEqual(nothing);
});

describe('a stream knows of its picture', () => {
  const listener = { onPacket: () => undefined, onBroken: () => undefined };

  test('the size and the macroblocks, by its codec', () => {
    const stream = new InboundStream(listener, 'h261');
    stream.receive(aPacket({ payload: hex('00000000 000100 0e 0000') }), 0);
    expect(stream.size).toEqual(CIF);
    expect(stream.macroblocks).toBe(22 * 18);
    expect(stream.spsFacts).toBeUndefined();
  });

  test('what the SPS says, so that passing it through can be judged', () => {
    const stream = new InboundStream(listener);
    stream.receive(aPacket({ payload: stapA(SPS, PPS) }), 0);
    expect(stream.spsFacts).toEqual({
      width: 640,
      height: 360,
      macroblocks: 40 * 23,
      profileIdc: 66,
      constraintFlags: 0xc0,
      levelIdc: 30,
      maxNumRefFrames: 3,
    });
    expect(stream.size).toEqual({ width: 640, height: 360 });
  });

  test('nothing any more when another codec was agreed on', () => {
    const stream = new InboundStream(listener);
    stream.receive(aPacket({ seq: 1, payload: stapA(SPS, PPS) }), 0);
    stream.setCodec('h263');
    expect([stream.size, stream.macroblocks, stream.spsFacts, stream.parameterSets]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    stream.receive(aPacket({ seq: 2, payload: Buffer.concat([hex('00600000'), H263_INTRA]) }), 0);
    expect(stream.size).toEqual(CIF);
  });
});
