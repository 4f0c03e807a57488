import { describe, expect, test } from 'vitest';
import { type OutboundOptions, OutboundStream } from '../../../src/stage/rtp/outbound-stream.ts';
import { parseRtp, type RtpPacket, seqDiff } from '../../../src/stage/rtp/packet.ts';
import { ntpMiddleOf } from '../../../src/stage/rtp/rtcp.ts';
import { aPacket, fuA, IDR, NON_IDR, PPS, SPS, stapA } from './builders.ts';

function aStream(singleNalOnly = false, admits: OutboundOptions['admits'] = () => true) {
  const sent: RtpPacket[] = [];
  const out = new OutboundStream(97, {
    ssrc: 0xcafe,
    singleNalOnly,
    admits,
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

  test('begins far from the end of the numbers: who misses its first packets can still decrypt it', () => {
    const begun = Array.from({ length: 500 }, () => {
      const { out, sent } = aStream();
      out.forward('a', inEpoch({ seq: 65_535 }), 0);
      return sent[0]?.seq ?? Number.NaN;
    });
    expect(Math.max(...begun)).toBeLessThanOrEqual(0x8000);
    expect(new Set(begun).size).toBeGreaterThan(400);
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

describe('what is not admitted', () => {
  test('leaves no hole when it was whole pictures', () => {
    const isRefused = new Set([3_600, 7_200]);
    const { out, sent } = aStream(false, ({ timestamp }) => !isRefused.has(timestamp));
    for (const [seq, timestamp] of [
      [1, 0],
      [2, 3_600],
      [3, 3_600],
      [4, 7_200],
      [5, 10_800],
      [6, 14_400],
    ] as const)
      out.forward('a', inEpoch({ seq, timestamp }), timestamp / 90);
    expect(sent).toHaveLength(3);
    expectContinuous(sent);
    const first = sent[0]?.timestamp ?? 0;
    expect(sent.map(packet => packet.timestamp - first)).toEqual([0, 10_800, 14_400]);
  });

  test('leaves one when it was the end of a picture, also before another origin', () => {
    for (const next of ['a', 'b']) {
      let isOpen = true;
      const { out, sent } = aStream(false, () => isOpen);
      out.forward('a', inEpoch({ seq: 1, marker: false }), 0);
      isOpen = false;
      out.forward('a', inEpoch({ seq: 2, marker: false }), 0);
      out.forward('a', inEpoch({ seq: 3 }), 0);
      isOpen = true;
      out.forward(next, inEpoch({ seq: 4, timestamp: 3_600 }), 40);
      expect(seqDiff(sent[1]?.seq ?? 0, sent[0]?.seq ?? 0)).toBe(2);
    }
  });

  test('is asked of parameter sets as of the key frame they belong to', () => {
    const asked: boolean[] = [];
    const { out, sent } = aStream(false, ({ startsKeyframe }) => {
      asked.push(startsKeyframe);
      return false;
    });
    const idr = inEpoch({ seq: 1, payload: IDR });
    out.insertBefore('a', idr, [SPS, PPS], 0);
    out.forward('a', idr, 0, { startsKeyframe: true });
    out.forward('a', inEpoch({ seq: 2 }), 0);
    expect(asked).toEqual([true, true, false]);
    expect(sent).toEqual([]);
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

  test('may reach a receiver of mode 0, and fragments never', () => {
    const { out, sent } = aStream(true);
    out.forward('a', inEpoch({ seq: 1, payload: IDR }), 0);
    out.forward('a', inEpoch({ seq: 2, payload: fuA(IDR, 'start') }), 0);
    out.forward('a', inEpoch({ seq: 3, payload: fuA(IDR, 'end') }), 0);
    expect(sent.map(({ payload }) => payload)).toEqual([IDR]);
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

  test('tell when the picture was captured, where that is known', () => {
    const { out, sent } = aStream();
    out.forward('a', inEpoch({ seq: 1 }), 1_000, { captureMs: 800 });
    expect((out.senderInfo(1_500)?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBe(63_000);
  });

  const block = {
    ssrc: 0xcafe,
    fractionLost: 128,
    totalLost: 0,
    highestSeq: 0,
    jitter: 900,
    lastSenderReport: ntpMiddleOf(1_000),
    delaySinceSenderReport: 32_768,
  };

  test('of the far end give loss, jitter and round trip; those on others are not ours', () => {
    const { out } = aStream();
    expect(out.reported({ ...block, ssrc: 0xbeef }, 1_620)).toBeUndefined();
    expect(out.farReception).toBeUndefined();
    out.reported(block, 1_620);
    expect(out.farReception).toMatchObject({ lossRatio: 0.5, roundTripMs: 120, jitterMs: 10 });
    out.reported({ ...block, lastSenderReport: 0 }, 1_620);
    expect(out.farReception?.roundTripMs).toBeUndefined();
  });

  test('of the far end are set against what was sent since, without the holes of the origin', () => {
    const { out } = aStream();
    out.reported({ ...block, fractionLost: 0 }, 1_000);
    for (const seq of [1, 2, 3, 5, 7, 8]) out.forward('a', inEpoch({ seq }), 1_500);
    expect(out.reported({ ...block, fractionLost: 64 }, 2_000)).toMatchObject({
      lossRatio: 0.25,
      lineLossRatio: 0,
      packetsSent: 6,
      sentBps: 6 * NON_IDR.length * 8,
    });
    for (const seq of [9, 10, 12, 13]) out.forward('a', inEpoch({ seq }), 2_500);
    expect(out.reported(block, 3_000)?.lineLossRatio).toBeCloseTo(0.3);
  });
});
