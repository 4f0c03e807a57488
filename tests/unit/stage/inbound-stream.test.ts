import { describe, expect, test } from 'vitest';
import { InboundStream, type OrderedPacket } from '../../../src/stage/rtp/inbound-stream.ts';
import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';
import { aPacket, IDR, PPS, SPS, stapA } from './builders.ts';

function aStream() {
  const passed: OrderedPacket[] = [];
  const stats = { broken: 0 };
  const stream = new InboundStream({
    onPacket: packet => passed.push(packet),
    onBroken: () => {
      stats.broken += 1;
    },
  });
  const receive = (nowMs: number, ...packets: Partial<RtpPacket>[]) => {
    for (const packet of packets) stream.receive(aPacket(packet), nowMs);
  };
  return { stream, stats, receive, passed, seqs: () => passed.map(packet => packet.seq) };
}

describe('packets in disorder', () => {
  test('pass in order, across the wrap of the number', () => {
    const { receive, seqs, stats } = aStream();
    receive(0, { seq: 65_534 }, { seq: 0 }, { seq: 65_535 }, { seq: 2 }, { seq: 1 });
    expect(seqs()).toEqual([65_534, 65_535, 0, 1, 2]);
    expect(stats.broken).toBe(1); // the beginning itself
  });

  test('pass once', () => {
    const { receive, seqs } = aStream();
    receive(0, { seq: 5 }, { seq: 5 }, { seq: 7 }, { seq: 7 }, { seq: 6 }, { seq: 6 });
    expect(seqs()).toEqual([5, 6, 7]);
  });

  test('wait for a hole a little while, then go on without it', () => {
    const { stream, receive, seqs, stats } = aStream();
    receive(0, { seq: 1 }, { seq: 3 });
    stream.tick(20);
    expect(seqs()).toEqual([1]);
    stream.tick(40);
    expect(seqs()).toEqual([1, 3]);
    expect(stats.broken).toBe(2);
  });

  test('are not kept without bound', () => {
    const { receive, seqs } = aStream();
    receive(0, { seq: 1 });
    for (let seq = 3; seq < 80; seq++) receive(0, { seq });
    expect(seqs()).toContain(79);
  });

  test('that come after the hole was given up are dropped', () => {
    const { stream, receive, seqs } = aStream();
    receive(0, { seq: 1 }, { seq: 3 });
    stream.tick(50);
    receive(60, { seq: 2 }, { seq: 4 });
    expect(seqs()).toEqual([1, 3, 4]);
  });
});

describe('pain 6: another SSRC', () => {
  test('takes over at once after silence', () => {
    const { stream, receive, passed } = aStream();
    receive(0, { ssrc: 1, seq: 10 });
    receive(400, { ssrc: 2, seq: 9_000 });
    expect(stream.ssrc).toBe(2);
    expect(passed.map(packet => packet.epoch)).toEqual([1, 2]);
  });

  test('takes over when it persists, and none of its packets is lost', () => {
    const { stream, receive, passed, stats } = aStream();
    receive(0, { ssrc: 1, seq: 10 });
    for (let seq = 100; seq < 115; seq++) receive(1, { ssrc: 2, seq });
    expect(stream.ssrc).toBe(2);
    const ofSecond = passed.filter(packet => packet.ssrc === 2).map(packet => packet.seq);
    expect(ofSecond).toEqual(Array.from({ length: 15 }, (_, index) => 100 + index));
    expect(stats.broken).toBe(2);
  });

  test('does not take over while the first goes on', () => {
    const { stream, receive } = aStream();
    for (let seq = 0; seq < 100; seq++) receive(seq, { ssrc: 1, seq }, { ssrc: 2, seq });
    expect(stream.ssrc).toBe(1);
  });

  test('of single stray packets is ignored', () => {
    const { stream, receive, passed } = aStream();
    receive(0, { ssrc: 1, seq: 1 });
    for (let ssrc = 100; ssrc < 120; ssrc++) receive(1, { ssrc, seq: ssrc });
    receive(2, { ssrc: 1, seq: 2 });
    expect(stream.ssrc).toBe(1);
    expect(passed).toHaveLength(2);
  });
});

describe('numbers that jump far', () => {
  test('are a restart when the next packet confirms it', () => {
    const { receive, passed } = aStream();
    receive(0, { seq: 1 }, { seq: 30_000 }, { seq: 30_001 }, { seq: 30_002 });
    expect(passed.map(({ seq, epoch }) => [seq, epoch])).toEqual([
      [1, 1],
      [30_000, 2],
      [30_001, 2],
      [30_002, 2],
    ]);
  });

  test('are a restart also a little way back, further than packets are ever late', () => {
    const { receive, seqs } = aStream();
    receive(0, { seq: 2_000 }, { seq: 2_001 });
    receive(10_000, { seq: 1_902 }); // late, and no news
    receive(10_010, { seq: 500 }, { seq: 501 }, { seq: 502 });
    expect(seqs()).toEqual([2_000, 2_001, 500, 501, 502]);
  });

  test('are none when they are late, however many', () => {
    const { receive, seqs } = aStream();
    receive(0, { seq: 2_000 }, { seq: 2_001 });
    receive(10, { seq: 1_800 }, { seq: 1_802 }, { seq: 1_801 }, { seq: 2_002 });
    expect(seqs()).toEqual([2_000, 2_001, 2_002]);
  });

  test('are noise when it does not', () => {
    const { receive, seqs } = aStream();
    receive(0, { seq: 1 }, { seq: 30_000 }, { seq: 2 }, { seq: 3 });
    expect(seqs()).toEqual([1, 2, 3]);
  });
});

test('parameter sets are remembered, with the size of the picture', () => {
  const { stream, receive } = aStream();
  expect(stream.parameterSets).toBeUndefined();
  receive(0, { seq: 1, payload: stapA(SPS, PPS) }, { seq: 2, payload: IDR });
  expect(stream.parameterSets).toEqual({ sps: SPS, pps: PPS });
  expect(stream.macroblocks).toBe(40 * 23);
});

describe('the report on it', () => {
  test('counts loss since the last one, and in all', () => {
    const { stream, receive } = aStream();
    for (let seq = 0; seq < 100; seq++) if (seq % 4 !== 3) receive(seq, { seq });
    expect(stream.reportBlock(100)).toMatchObject({ highestSeq: 98, totalLost: 24 });
    expect(stream.lossRatio).toBeCloseTo(24 / 99, 1);
    for (let seq = 99; seq < 199; seq++) receive(seq, { seq });
    expect(stream.reportBlock(200)).toMatchObject({ fractionLost: 0, totalLost: 24 });
  });

  test('counts cycles of the number', () => {
    const { stream, receive } = aStream();
    receive(0, { seq: 65_535 }, { seq: 0 }, { seq: 1 });
    expect(stream.reportBlock(0)).toMatchObject({ highestSeq: 0x10001, totalLost: 0 });
  });

  test('measures jitter in timestamp units, and says when it last heard of the sender', () => {
    const { stream, receive } = aStream();
    for (let seq = 0; seq < 200; seq++)
      receive(seq * 40 + (seq % 2) * 10, { seq, timestamp: seq * 3_600 });
    const report = { kind: 'sender-report', ssrc: 1, ntpMs: 0, rtpTimestamp: 0 } as const;
    stream.senderReport({ ...report, ntpMiddle: 0x12345678 }, 8_000);
    const block = stream.reportBlock(9_000);
    expect(block?.jitter).toBeGreaterThan(800);
    expect(block?.jitter).toBeLessThan(1_000); // 10 ms back and forth
    expect(block).toMatchObject({ lastSenderReport: 0x12345678, delaySinceSenderReport: 65_536 });
  });

  test('is not there before anything came', () => {
    expect(aStream().stream.reportBlock(0)).toBeUndefined();
  });
});
