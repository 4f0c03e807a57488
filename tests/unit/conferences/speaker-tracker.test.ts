import { beforeEach, describe, expect, it } from 'vitest';
import { SpeakerTracker } from '../../../src/conferences/speaker-tracker.ts';
import type { ParticipantId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const [anna, binh, chi] = ['anna', 'binh', 'chi'] as [ParticipantId, ParticipantId, ParticipantId];

describe('speaker tracker', () => {
  let clock: FakeClock;
  let orders: (readonly ParticipantId[])[];
  let tracker: SpeakerTracker;

  beforeEach(() => {
    clock = new FakeClock();
    orders = [];
    tracker = new SpeakerTracker({ minTalkMs: 300, holdMs: 1500 }, clock, order =>
      orders.push(order),
    );
  });

  it('a cough does not switch the picture', async () => {
    tracker.talking(anna, true);
    await clock.advance(200);
    tracker.talking(anna, false);
    await clock.advance(5000);
    expect(orders).toEqual([]);
  });

  it('talk that lasts makes the speaker', async () => {
    tracker.talking(anna, true);
    await clock.advance(300);
    expect(orders).toEqual([[anna]]);
  });

  it('a second speaker waits for the hold time of the first', async () => {
    tracker.talking(anna, true);
    await clock.advance(300);
    tracker.talking(anna, false);
    tracker.talking(binh, true);
    await clock.advance(1400);
    expect(tracker.order).toEqual([anna]);
    await clock.advance(100);
    expect(tracker.order).toEqual([binh, anna]);
  });

  it('two who talk over each other switch once, not back and forth', async () => {
    tracker.talking(anna, true);
    await clock.advance(300);
    tracker.talking(binh, true);
    await clock.advance(60_000);
    expect(orders).toEqual([[anna], [binh, anna]]);
  });

  it('the first speaker comes back when the second falls silent', async () => {
    tracker.talking(anna, true);
    await clock.advance(300);
    tracker.talking(binh, true);
    await clock.advance(3000);
    tracker.talking(binh, false);
    await clock.advance(3000);
    expect(tracker.order).toEqual([anna, binh]);
  });

  it('silence of all changes nothing', async () => {
    tracker.talking(anna, true);
    await clock.advance(1000);
    tracker.talking(anna, false);
    await clock.advance(60_000);
    expect(tracker.order).toEqual([anna]);
  });

  it('one who leaves is forgotten, also while being waited for', async () => {
    tracker.talking(anna, true);
    await clock.advance(1000);
    tracker.talking(chi, true);
    tracker.remove(chi);
    await clock.advance(60_000);
    tracker.remove(anna);
    expect(tracker.order).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });
});
