import { beforeEach, describe, expect, it } from 'vitest';
import { SpeakingOrder } from '../../../src/conferences/speaking-order.ts';
import type { ParticipantId } from '../../../src/domain/ids.ts';

const [LAN, MINH, CHAIR] = ['lan', 'minh', 'chair'] as [
  ParticipantId,
  ParticipantId,
  ParticipantId,
];

describe('the order of speaking', () => {
  let order: SpeakingOrder;
  beforeEach(() => {
    order = new SpeakingOrder();
  });
  const asking = () => order.hands.map(({ participantId }) => participantId);

  it('keeps hands in the order they went up', () => {
    expect(order.raise(MINH, 1)).toBe(true);
    expect(order.raise(LAN, 2)).toBe(true);
    expect(order.raise(MINH, 3)).toBe(false);
    expect(order.hands).toEqual([
      { participantId: MINH, raisedAtMs: 1 },
      { participantId: LAN, raisedAtMs: 2 },
    ]);
    expect(order.lower(MINH)).toBe(true);
    expect(order.lower(MINH)).toBe(false);
    order.raise(MINH, 4);
    expect(asking()).toEqual([LAN, MINH]);
  });

  it('lets everybody speak until the floor is given', () => {
    expect(order.mode).toBe('free');
    expect(order.silences(LAN, false)).toBe(false);
    order.raise(LAN, 1);
    order.give(LAN, 5, 60_000);
    expect(order.floor).toEqual({ participantId: LAN, sinceMs: 5, endsAtMs: 60_005 });
    expect(asking()).toEqual([]);
    expect([LAN, MINH].map(id => order.silences(id, false))).toEqual([false, true]);
    expect(order.silences(CHAIR, true)).toBe(false);
  });

  it('who has the floor need not ask for it', () => {
    order.give(LAN, 5);
    expect(order.raise(LAN, 6)).toBe(false);
    expect(order.floor).toEqual({ participantId: LAN, sinceMs: 5 });
  });

  it('taken back, the others stay silent until the discussion is free', () => {
    order.give(LAN, 5);
    order.take();
    expect(order.floor).toBeUndefined();
    expect(order.silences(LAN, false)).toBe(true);
    order.free();
    expect(order.silences(LAN, false)).toBe(false);
  });

  it('forgets who has left', () => {
    order.raise(MINH, 1);
    order.give(LAN, 5);
    expect(order.remove(LAN)).toBe(true);
    expect(order.floor).toBeUndefined();
    expect(order.mode).toBe('ordered');
    expect(order.remove(MINH)).toBe(true);
    expect(order.remove(CHAIR)).toBe(false);
  });
});
