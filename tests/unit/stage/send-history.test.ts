import { describe, expect, test } from 'vitest';
import { buildRtp } from '../../../src/stage/rtp/packet.ts';
import { SendHistory } from '../../../src/stage/rtp/send-history.ts';
import { aPacket } from './builders.ts';

const ROUND_TRIP_MS = 50;

function aHistory(...seqs: readonly number[]) {
  const history = new SendHistory();
  const packets = new Map(seqs.map(seq => [seq, buildRtp(aPacket({ seq }))]));
  for (const packet of packets.values()) history.sent(packet, 0);
  return { history, packets };
}

describe('a lost packet', () => {
  test('is sent again as it was', () => {
    const { history, packets } = aHistory(65_535, 0);
    expect(history.repeat(65_535, ROUND_TRIP_MS, 100)).toBe(packets.get(65_535));
    expect(history.repeat(0, ROUND_TRIP_MS, 100)).toBe(packets.get(0));
  });

  test('goes twice at most, and not sooner again than a round trip', () => {
    const { history } = aHistory(7);
    const isRepeated = (atMs: number) => history.repeat(7, ROUND_TRIP_MS, atMs) !== undefined;
    expect([100, 110, 149, 150, 160, 250, 400].map(isRepeated)).toEqual([
      ...[true, false, false],
      ...[true, false, false, false],
    ]);
  });

  test('is waited for longer when the round trip is not known', () => {
    const { history } = aHistory(7);
    const isRepeated = (atMs: number) => history.repeat(7, undefined, atMs) !== undefined;
    expect([0, 99, 100].map(isRepeated)).toEqual([true, false, true]);
  });

  test('is forgotten after a second', () => {
    const { history } = aHistory(7);
    expect(history.repeat(7, ROUND_TRIP_MS, 1_001)).toBeUndefined();
  });

  test('is forgotten after 512 others, and one never sent is not known', () => {
    const { history } = aHistory(...Array.from({ length: 513 }, (_, seq) => seq));
    expect(history.repeat(0, ROUND_TRIP_MS, 1)).toBeUndefined();
    expect(history.repeat(1, ROUND_TRIP_MS, 1)).toBeDefined();
    expect(history.repeat(513, ROUND_TRIP_MS, 1)).toBeUndefined();
  });

  test('of a number used anew is the new one, which may go twice again', () => {
    const { history } = aHistory(7);
    history.repeat(7, 0, 100);
    history.repeat(7, 0, 200);
    const later = buildRtp(aPacket({ seq: 7, timestamp: 9 }));
    history.sent(later, 300);
    expect(history.repeat(7, 0, 310)).toBe(later);
  });
});
