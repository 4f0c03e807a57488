import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchFeedsOnPage } from '../../../src/web/room/page-watch.ts';
import { createRoomStore } from '../../../src/web/room/state.ts';
import { person } from './people.ts';

function tab() {
  const listeners = new Set<() => void>();
  return {
    hidden: false,
    addEventListener: (_name: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_name: string, listener: () => void) => void listeners.delete(listener),
    listeners,
    hide(hidden: boolean) {
      this.hidden = hidden;
      for (const listener of listeners) listener();
    },
  };
}

describe('feeds on the page', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watched() {
    const store = createRoomStore();
    store.set({ selfId: 'me', participants: [person('me'), person('a')] });
    const page = tab();
    const told: string[][] = [];
    const undo = watchFeedsOnPage(store, page, feeds => told.push([...feeds]));
    return { store, page, told, undo };
  }

  it('are told at once and when they change, not when something else does', () => {
    const { store, told } = watched();
    store.set({ muted: true });
    store.set({ participants: [person('me'), person('a'), person('b')] });
    expect(told).toEqual([['a'], ['a', 'b']]);
  });

  it('are none once the tab was hidden for a while, and all again when it is back', () => {
    const { page, told } = watched();
    page.hide(true);
    vi.advanceTimersByTime(4_900);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(200);
    page.hide(false);
    expect(told).toEqual([['a'], [], ['a']]);
  });

  it('are told when one is shown in another size', () => {
    const store = createRoomStore();
    const participants = ['me', 'a', 'b'].map(person);
    store.set({ selfId: 'me', participants, areTilesSmall: true });
    const told: string[][] = [];
    watchFeedsOnPage(store, tab(), (_, small) => told.push([...small]));
    store.set({ pinnedId: 'a' });
    store.set({ areTilesSmall: false });
    expect(told).toEqual([['a', 'b'], ['b'], []]);
  });

  it('a glance at another tab changes nothing', () => {
    const { page, told } = watched();
    page.hide(true);
    vi.advanceTimersByTime(1_000);
    page.hide(false);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([['a']]);
  });

  it('are not told after the undo', () => {
    const { store, page, told, undo } = watched();
    undo();
    store.set({ participants: [] });
    expect(told).toHaveLength(1);
    expect(page.listeners.size).toBe(0);
  });
});
