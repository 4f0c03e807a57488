import { expect } from 'vitest';
import { type RtpPacket, seqDiff } from '../../../src/stage/rtp/packet.ts';

/** One stream without a break: what a decoder that knows only one must be given. */
export function expectOneStream(packets: readonly RtpPacket[], payloadType: number): void {
  expect(new Set(packets.map(packet => packet.ssrc)).size).toBe(1);
  expect(new Set(packets.map(packet => packet.payloadType))).toEqual(new Set([payloadType]));
  for (const [index, packet] of packets.entries()) {
    const before = packets[index - 1];
    if (!before) continue;
    expect(seqDiff(packet.seq, before.seq)).toBe(1);
    expect((packet.timestamp - before.timestamp) | 0).toBeGreaterThanOrEqual(0);
  }
}

/** Payloads of whole pictures, one after another. */
export function payloadsOf(packets: readonly RtpPacket[]): Buffer[][] {
  const pictures = [...Map.groupBy(packets, ({ timestamp }) => timestamp).values()];
  return pictures
    .filter(picture => picture.at(-1)?.marker)
    .map(picture => picture.map(({ payload }) => payload));
}
