import { beforeEach, describe, expect, it } from 'vitest';
import type { SpeakingOrderView } from '../../../src/contract/speaking-order.ts';
import { arrange } from '../../../src/web/room/arrange.ts';
import { clockText, floorClock } from '../../../src/web/room/floor-clock.ts';
import { OwnFloor } from '../../../src/web/room/own-floor.ts';
import {
  floorHolder,
  hasOwnFloor,
  heldBy,
  placeInQueue,
  queueOf,
} from '../../../src/web/room/speaking-order.ts';
import { createRoomStore, initialState, type RoomStore } from '../../../src/web/room/state.ts';
import { anOrder, person } from './people.ts';

const meeting = (order: SpeakingOrderView) => ({
  ...initialState,
  selfId: 'me',
  participants: ['me', 'an', 'binh', 'chi'].map(person),
  order,
});

describe('who asks to speak', () => {
  const state = meeting(anOrder({ hands: ['chi', 'gone', 'me'] }));

  it('stand in their order, and who left does not stand there', () => {
    expect(queueOf(state).map(({ id }) => id)).toEqual(['chi', 'me']);
  });

  it('know their place', () => {
    expect(placeInQueue(state, 'chi')).toBe(1);
    expect(placeInQueue(state, 'an')).toBeUndefined();
    expect(placeInQueue(initialState, 'an')).toBeUndefined();
  });
});

describe('who has the floor', () => {
  it('is large for everybody, until somebody is pinned', () => {
    const state = meeting(anOrder({ floor: 'binh' }));
    expect(floorHolder(state)?.id).toBe('binh');
    expect(arrange(state).large?.id).toBe('binh');
    expect(arrange({ ...state, view: 'speaker', speakerId: 'an' }).large?.id).toBe('binh');
    expect(arrange({ ...state, pinnedId: 'an' }).large?.id).toBe('an');
  });

  it('leaves the large place to whom a chair put there', () => {
    const state = meeting({ ...anOrder({ floor: 'binh' }), spotlightId: 'chi' });
    expect(arrange(state).large?.id).toBe('chi');
  });

  it('is the first of the small ones beside a shared screen', () => {
    const state = meeting(anOrder({ floor: 'chi' }));
    const participants = state.participants.map(one => ({ ...one, sharing: one.id === 'an' }));
    const { large, tiles } = arrange({ ...state, participants });
    expect(large).toBeUndefined();
    expect(tiles.map(({ id }) => id)).toEqual(['chi', 'an', 'binh']);
  });

  it('is not large on its own page', () => {
    const state = meeting(anOrder({ floor: 'me' }));
    expect(arrange(state).large).toBeUndefined();
    expect(hasOwnFloor(state)).toBe(true);
  });
});

describe('a microphone that is held closed', () => {
  const order = anOrder({ mode: 'ordered', floor: 'an' });
  it.each([
    ['by nobody', { heldMuted: false, order }, undefined],
    ['by the order, while others speak', { heldMuted: true, order }, 'order'],
    ['by a chair, in a free discussion', { heldMuted: true, order: anOrder({}) }, 'chair'],
    [
      'by a chair, though we have the floor',
      { heldMuted: true, order: anOrder({ floor: 'me' }) },
      'chair',
    ],
    ['by a chair, where no order is known', { heldMuted: true, order: undefined }, 'chair'],
  ])('is held %s', (_, state, by) => {
    expect(heldBy({ selfId: 'me', ...state })).toBe(by);
  });
});

describe('the clock of the floor', () => {
  const floor = { participantId: 'an', sinceMs: 1_000, endsAtMs: 121_000 };
  it.each([
    [1_000, 'left', 120, '2:00'],
    [2_500, 'left', 119, '1:59'],
    [91_000, 'soon', 30, '0:30'],
    [120_999, 'soon', 1, '0:01'],
    [121_000, 'over', 0, '0:00'],
    [186_000, 'over', 65, '1:05'],
  ] as const)('at %i ms is %s by %i s: %s', (nowMs, is, seconds, text) => {
    expect(floorClock(floor, nowMs)).toEqual({ is, seconds });
    expect(clockText(seconds)).toBe(text);
  });

  it('without a limit tells how long, and never less than nothing', () => {
    const endless = { participantId: 'an', sinceMs: 1_000 };
    expect(floorClock(endless, 3_726_500)).toEqual({ is: 'long', seconds: 3_725 });
    expect(clockText(3_725)).toBe('1:02:05');
    expect(floorClock(endless, 0).seconds).toBe(0);
  });
});

describe('our own microphone and the floor', () => {
  let store: RoomStore;
  let floor: OwnFloor;
  let switched: boolean[];

  beforeEach(() => {
    store = createRoomStore();
    switched = [];
    floor = new OwnFloor(store, muted => {
      switched.push(muted);
      store.set({ muted });
    });
    const microphone = {} as MediaStreamTrack;
    store.set({ selfId: 'me', muted: true, heldMuted: true, microphone });
    floor.changed(anOrder({ mode: 'ordered' }));
  });

  it('opens for who had asked, is let go, and closes with the floor', () => {
    floor.changed(anOrder({ mode: 'ordered', hands: ['me'] }));
    floor.changed(anOrder({ floor: 'me' }));
    expect(store.get()).toMatchObject({ muted: false, heldMuted: false, isOpenForFloor: true });
    floor.changed(anOrder({ mode: 'ordered' }));
    expect(switched).toEqual([false, true]);
    expect(store.get().isOpenForFloor).toBe(false);
  });

  it('stays off for who had not asked', () => {
    floor.changed(anOrder({ floor: 'me' }));
    expect(switched).toEqual([]);
    expect(store.get()).toMatchObject({ muted: true, heldMuted: false, isOpenForFloor: false });
  });

  it('that was open stays open when the floor goes to somebody else', () => {
    store.set({ muted: false });
    floor.changed(anOrder({ mode: 'ordered', hands: ['me'] }));
    floor.changed(anOrder({ floor: 'me' }));
    floor.changed(anOrder({ floor: 'an' }));
    expect(switched).toEqual([]);
  });

  it('that is not there is not opened', () => {
    store.set({ microphone: undefined });
    floor.changed(anOrder({ hands: ['me'] }));
    floor.changed(anOrder({ floor: 'me' }));
    expect(switched).toEqual([]);
  });

  it('is left alone by a limit that is changed', () => {
    floor.changed(anOrder({ hands: ['me'] }));
    floor.changed(anOrder({ floor: 'me' }));
    store.set({ muted: true });
    floor.changed({ ...anOrder({ floor: 'me' }), nowMs: 5 });
    expect(switched).toEqual([false]);
  });

  it('learns by how much the gateway’s clock is ahead', () => {
    floor.changed({ ...anOrder({}), nowMs: Date.now() + 60_000 });
    expect(store.get().clockAheadMs).toBeGreaterThan(50_000);
  });
});
