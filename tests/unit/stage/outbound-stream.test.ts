import { describe, expect, test } from 'vitest';
import { OutboundStream } from '../../../src/stage/rtp/outbound-stream.ts';
import { parseRtp, type RtpPacket, seqDiff } from '../../../src/stage/rtp/packet.ts';
import { ntpMiddleOf } from '../../../src/stage/rtp/rtcp.ts';
import { aPacket, IDR, NON_IDR, PPS, SPS, stapA } from './builders.ts';

function aStream(singleNalOnly = false) {
  const sent: RtpPacket[] = [];
  const out = new OutboundStream(97, {
    ssrc: 0xcafe,
    singleNalOnly,
    send: data => sent.push(parseRtp(data) ?? expect.fail('not RTP')),
  });
  return { out, sent };
}

const inEpoch = (packet: Partial<RtpPacket>, epoch = 1) => ({ ...aPacket(packet), epoch });

function expectContinuous(sent: readonly RtpPacket[]) {
  for (const [index, packet] of sent.entries()) {
    expect(packet).toMatchObject({ ssrc: 0xcafe, payloadType: 97 });
    const before = sent[index - 1];
    if (!before) continue;
    expect(seqDiff(packet.seq, before.seq)).toBe(1);
    expect((packet.timestamp - before.timestamp) | 0).toBeGreaterThanOrEqual(0);
  }
}

describe('one outbound stream', () => {
  test('goes on without a break across origins and restarts of an origin', () => {
    const { out, sent } = aStream();
    let nowMs = 0;
    for (const [origin, epoch, seq, timestamp] of [
      ['a', 1, 65_530, 4_294_960_000],
      ['b', 1, 17, 5],
      ['a', 2, 40_000, 123_456_789],
      ['a', 3, 1, 0],
    ] as const)
      for (let i = 0; i < 10; i++) {
        const at = { seq: (seq + i) & 0xffff, timestamp: (timestamp + i * 3_600) >>> 0 };
        out.forward(origin, inEpoch(at, epoch), nowMs);
        nowMs += 40;
      }
    expect(sent).toHaveLength(40);
    expectContinuous(sent);
  });

  test('another one goes on from its position, and says so before it has sent anything', () => {
    const { out, sent } = aStream();
    out.forward('a', inEpoch({ seq: 5, timestamp: 1_000 }), 0);
    const { ssrc, ...from } = out.position(1_000);
    expect([ssrc, from.seq]).toEqual([0xcafe, sent[0]?.seq]);
    expect((from.timestamp - (sent[0]?.timestamp ?? 0)) | 0).toBe(90_000);
    const send = (data: Buffer) => sent.push(parseRtp(data) ?? expect.fail('not RTP'));
    const next = new OutboundStream(97, { ssrc, singleNalOnly: false, from, send });
    expect(next.position(2_000)).toEqual({ ssrc, ...from });
    next.forward('b', inEpoch({ seq: 900, timestamp: 7 }), 2_000);
    expectContinuous(sent);
  });

  test('wraps number and timestamp like any other', () => {
    const { out, sent } = aStream();
    for (let i = 0; i < 100; i++) {
      const at = { seq: (i * 1_000) & 0xffff, timestamp: (i * 450_000_000) >>> 0 };
      out.forward('a', inEpoch(at, i), i * 5_000_000);
    }
    expectContinuous(sent);
  });

  test('keeps the spacing of its origin', () => {
    const { out, sent } = aStream();
    for (const [seq, timestamp] of [
      [1, 1_000],
      [2, 1_000],
      [3, 4_600],
      [4, 9_000],
    ] as const)
      out.forward('a', inEpoch({ seq, timestamp }), 0);
    const first = sent[0]?.timestamp ?? 0;
    expect(sent.map(packet => packet.timestamp - first)).toEqual([0, 0, 3_600, 8_000]);
  });

  test('keeps holes of its origin, so that the receiver knows of them', () => {
    const { out, sent } = aStream();
    out.forward('a', inEpoch({ seq: 10 }), 0);
    out.forward('a', inEpoch({ seq: 13 }), 0);
    expect(seqDiff(sent[1]?.seq ?? 0, sent[0]?.seq ?? 0)).toBe(3);
  });

  test('lets as much time pass at a switch as has passed', () => {
    const { out, sent } = aStream();
    out.forward('a', inEpoch({ seq: 1, timestamp: 7 }), 0);
    out.forward('b', inEpoch({ seq: 1, timestamp: 99 }), 2_000);
    expect((sent[1]?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBe(180_000);
  });

  test.each([-1_000_000_000, 1_000_000_000])('does not follow a clock that jumps by %i', jump => {
    const { out, sent } = aStream();
    out.forward('a', inEpoch({ seq: 1, timestamp: 2_000_000_000 }), 0);
    out.forward('a', inEpoch({ seq: 2, timestamp: 2_000_000_000 + jump }), 40);
    out.forward('a', inEpoch({ seq: 3, timestamp: 2_000_003_600 + jump }), 80);
    expectContinuous(sent);
    expect(((sent[2]?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)) | 0).toBe(7_200);
  });

  test('takes parameter sets in front of a packet, with its timestamp and without marker', () => {
    const { out, sent } = aStream();
    out.forward('a', inEpoch({ seq: 1, timestamp: 0 }), 0);
    const idr = inEpoch({ seq: 2, timestamp: 3_600, payload: IDR });
    out.insertBefore('a', idr, [SPS, PPS], 40);
    out.forward('a', idr, 40);
    out.forward('a', inEpoch({ seq: 3, timestamp: 7_200 }), 80);
    expectContinuous(sent);
    expect(sent.map(packet => packet.payload)).toEqual([NON_IDR, SPS, PPS, IDR, NON_IDR]);
    expect(sent.map(packet => packet.marker)).toEqual([true, false, false, true, true]);
    expect(new Set(sent.slice(1, 4).map(packet => packet.timestamp)).size).toBe(1);
  });
});

describe('aggregates', () => {
  const aggregate = inEpoch({ seq: 1, payload: stapA(SPS, PPS, IDR) });

  test('are split for a receiver of mode 0; the last unit has the marker', () => {
    const { out, sent } = aStream(true);
    out.forward('a', aggregate, 0);
    out.forward('a', inEpoch({ seq: 2, timestamp: 3_600 }), 40);
    expect(sent.map(packet => packet.payload)).toEqual([SPS, PPS, IDR, NON_IDR]);
    expect(sent.map(packet => packet.marker)).toEqual([false, false, true, true]);
    expectContinuous(sent);
  });

  test('pass as they are for one of mode 1', () => {
    const { out, sent } = aStream(false);
    out.forward('a', aggregate, 0);
    expect(sent.map(packet => packet.payload)).toEqual([aggregate.payload]);
  });
});

describe('its reports', () => {
  test('tell the timestamp of now, not of the last packet', () => {
    const { out, sent } = aStream();
    expect(out.senderInfo(0)).toBeUndefined();
    out.forward('a', inEpoch({ seq: 1 }), 1_000);
    const info = out.senderInfo(1_500);
    expect(info).toMatchObject({ ssrc: 0xcafe, nowMs: 1_500, packets: 1, octets: NON_IDR.length });
    expect((info?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBe(45_000);
  });

  test('of the far end give loss and round trip; those on others are not ours', () => {
    const { out } = aStream();
    const rest = { totalLost: 0, highestSeq: 0, jitter: 0, delaySinceSenderReport: 32_768 };
    const block = {
      ...rest,
      ssrc: 0xbeef,
      fractionLost: 128,
      lastSenderReport: ntpMiddleOf(1_000),
    };
    out.reported(block, 1_620);
    expect(out.farReception).toBeUndefined();
    out.reported({ ...block, ssrc: 0xcafe }, 1_620);
    expect(out.farReception).toEqual({ lossRatio: 0.5, roundTripMs: 120 });
    out.reported({ ...block, ssrc: 0xcafe, lastSenderReport: 0 }, 1_620);
    expect(out.farReception?.roundTripMs).toBeUndefined();
  });
});
