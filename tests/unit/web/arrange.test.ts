import { describe, expect, it } from 'vitest';
import { contentFeedId } from '../../../src/contract/feeds.ts';
import { arrange, feedsOnPage, smallFeeds } from '../../../src/web/room/arrange.ts';
import { initialState } from '../../../src/web/room/state.ts';
import { person } from './people.ts';

const people = (count: number) => Array.from({ length: count }, (_, i) => person(`p${i}`));
const meeting = (count: number) => ({
  ...initialState,
  selfId: 'me',
  participants: [person('me'), ...people(count)],
});
const ids = (tiles: readonly { id: string }[]) => tiles.map(({ id }) => id);

describe('the grid', () => {
  it('shows everybody but ourselves, in the order they came', () => {
    const { large, tiles, pages, isAlone } = arrange(meeting(3));
    expect(large).toBeUndefined();
    expect(ids(tiles)).toEqual(['p0', 'p1', 'p2']);
    expect([pages, isAlone]).toEqual([1, false]);
  });

  it('turns pages when there are more than an old computer decodes', () => {
    const state = { ...meeting(60), page: 2 };
    const { tiles, pages } = arrange(state);
    expect(pages).toBe(3);
    expect(ids(tiles)[0]).toBe('p48');
    expect(feedsOnPage(state).size).toBe(12);
  });

  it('a page that is gone, as people left, is the last there is', () => {
    expect(arrange({ ...meeting(5), page: 4 }).page).toBe(0);
  });

  it('alone there is nobody', () => {
    expect(arrange(meeting(0)).isAlone).toBe(true);
  });
});

describe('one large', () => {
  it('in the speaker view it is who spoke last, else the first', () => {
    const state = { ...meeting(3), view: 'speaker' as const };
    expect(arrange(state).large?.id).toBe('p0');
    const { large, tiles } = arrange({ ...state, speakerId: 'p2' });
    expect(large?.id).toBe('p2');
    expect(ids(tiles)).toEqual(['p0', 'p1']);
  });

  it('the pinned one stays large whoever speaks, in both views', () => {
    const state = { ...meeting(3), speakerId: 'p2', pinnedId: 'p1' };
    expect(arrange(state).large?.id).toBe('p1');
    expect(arrange({ ...state, view: 'speaker' }).large?.id).toBe('p1');
  });

  it('a pinned one who left is forgotten', () => {
    expect(arrange({ ...meeting(2), pinnedId: 'gone' }).large).toBeUndefined();
  });

  it('a shared screen has the large place, and its feed is fetched before it is there', () => {
    const sharer = { ...person('p0'), sharing: true };
    const state = { ...meeting(0), participants: [sharer, person('p1')], pinnedId: 'p1' };
    expect(arrange(state).large).toBeUndefined();
    expect([...feedsOnPage(state)].sort()).toEqual(['p0', contentFeedId('p0'), 'p1'].sort());
  });
});

describe('small', () => {
  it('is nobody among few, and everybody among many', () => {
    expect([...smallFeeds(meeting(3))]).toEqual([]);
    expect([...smallFeeds(meeting(4))]).toEqual(['p0', 'p1', 'p2', 'p3']);
  });

  it('is who stands beside somebody large, or beside a screen', () => {
    expect([...smallFeeds({ ...meeting(3), pinnedId: 'p1' })]).toEqual(['p0', 'p2']);
    const sharer = { ...person('p0'), sharing: true };
    const participants = [person('me'), sharer, person('p1')];
    expect([...smallFeeds({ ...meeting(0), participants })]).toEqual(['p0', 'p1']);
  });
});
