import { describe, expect, it } from 'vitest';
import type { ChatLine } from '../../../src/contract/chat.ts';
import { announcements } from '../../../src/web/room/announcements.ts';
import { togglePanel, unreadLines } from '../../../src/web/room/panels.ts';
import { createRoomStore, initialState } from '../../../src/web/room/state.ts';
import { anOrder, person } from './people.ts';

const line = (id: string, participantId: string): ChatLine => ({
  id,
  participantId,
  atMs: 0,
  name: `Name of ${participantId}`,
  text: 'chào',
});
const before = {
  ...initialState,
  selfId: 'me',
  participants: ['me', 'an', 'binh'].map(person),
  order: anOrder({}),
};
const told = (after: Partial<typeof initialState>, from: typeof initialState = before) =>
  announcements(from, { ...from, ...after });

describe('what is read to those who listen to the page', () => {
  it('who came and who went', () => {
    expect(told({ participants: ['me', 'an', 'chi'].map(person) })).toEqual([
      { key: 'room.joined', name: 'Name of chi' },
      { key: 'room.left', name: 'Name of binh' },
    ]);
  });

  it('whose hand went up, but not our own', () => {
    expect(told({ order: anOrder({ hands: ['an', 'me'] }) })).toEqual([
      { key: 'hands.raised', name: 'Name of an' },
    ]);
  });

  it('that we are next, once', () => {
    const waiting = { ...before, order: anOrder({ hands: ['an', 'me'] }) };
    const order = anOrder({ hands: ['me'] });
    expect(told({ order }, waiting)).toEqual([{ key: 'hands.youAreNext' }]);
    expect(told({ order }, { ...before, order })).toEqual([]);
  });

  it('who has the floor, that nobody has, and that the discussion is free', () => {
    const given = { ...before, order: anOrder({ floor: 'an' }) };
    expect(told({ order: given.order })).toEqual([{ key: 'floor.has', name: 'Name of an' }]);
    expect(told({ order: anOrder({ mode: 'ordered' }) }, given)).toEqual([{ key: 'floor.nobody' }]);
    expect(told({ order: anOrder({}) }, given)).toEqual([{ key: 'order.freeNow' }]);
  });

  it('our own floor not, which has a banner', () => {
    expect(told({ order: anOrder({ floor: 'me' }) })).toEqual([]);
  });

  it('who wrote, once each, unless it was us or the log is there to be read', () => {
    const chat = [line('1', 'an'), line('2', 'an'), line('3', 'me')];
    expect(told({ chat })).toEqual([{ key: 'chat.newFrom', name: 'Name of an' }]);
    expect(told({ chat, openPanel: 'chat' })).toEqual([]);
  });

  it('nothing of what was before we came', () => {
    const nothing = { ...initialState, selfId: 'me' };
    expect(told({ order: anOrder({ hands: ['an'] }), chat: [line('1', 'an')] }, nothing)).toEqual(
      [],
    );
  });
});

describe('panels', () => {
  it('open in the place of another, and close', () => {
    const store = createRoomStore();
    togglePanel(store, 'chat');
    togglePanel(store, 'people');
    expect(store.get().openPanel).toBe('people');
    togglePanel(store, 'people');
    expect(store.get().openPanel).toBeUndefined();
  });

  it('unread is what others wrote since the chat was open', () => {
    const chat = [line('1', 'an'), line('2', 'me'), line('3', 'an'), line('4', 'binh')];
    expect(unreadLines({ ...before, chat, chatSeen: 1 })).toBe(2);
    expect(unreadLines({ ...before, chat, chatSeen: 4 })).toBe(0);
  });
});
