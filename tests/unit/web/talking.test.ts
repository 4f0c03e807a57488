import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRoomStore, type RoomStore } from '../../../src/web/room/state.ts';
import { Talking } from '../../../src/web/room/talking.ts';
import { person } from './people.ts';

describe('who is large in the speaker view', () => {
  let store: RoomStore;
  let talking: Talking;

  beforeEach(() => {
    vi.useFakeTimers();
    store = createRoomStore();
    store.set({ selfId: 'me', participants: [person('me'), person('hall'), person('lan')] });
    talking = new Talking(store);
  });

  afterEach(() => {
    talking.close();
    vi.useRealTimers();
  });

  const roster = (...speaking: string[]) =>
    store.set({
      participants: store
        .get()
        .participants.map(one => ({ ...one, speaking: speaking.includes(one.id) })),
    });
  const largeId = () => store.get().speakerId;

  it('is a hall whose speech the gateway tells of, not the room server', () => {
    expect(largeId()).toBeUndefined();
    roster('hall');
    expect(largeId()).toBe('hall');
  });

  it('is a laptop of which the room server tells sooner', () => {
    talking.changed('lan', true);
    expect(largeId()).toBe('lan');
    talking.changed('lan', false);
    expect(largeId()).toBe('lan');
  });

  it('is who began last, once that one has spoken on for a while', () => {
    roster('hall');
    vi.advanceTimersByTime(500);
    talking.changed('lan', true);
    expect(largeId()).toBe('hall');
    vi.advanceTimersByTime(1600);
    expect(largeId()).toBe('lan');
    roster('hall', 'lan');
    vi.advanceTimersByTime(5000);
    expect(largeId()).toBe('lan');
  });

  it('is not who only coughed', () => {
    roster('hall');
    talking.changed('lan', true);
    vi.advanceTimersByTime(300);
    talking.changed('lan', false);
    vi.advanceTimersByTime(5000);
    expect(largeId()).toBe('hall');
  });

  it('is nobody else after the end', () => {
    roster('hall');
    talking.changed('lan', true);
    talking.close();
    vi.advanceTimersByTime(5000);
    roster('lan');
    expect(largeId()).toBe('hall');
  });
});
