import { describe, expect, it } from 'vitest';
import { contentFeedId } from '../../../src/contract/feeds.ts';
import { arrange, feedsOnPage, smallFeeds } from '../../../src/web/room/arrange.ts';
import { initialState } from '../../../src/web/room/state.ts';
import { isSmallTile } from '../../../src/web/room/tile-size.ts';
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

  it('whom a chair made large is, before who has the floor, but not before our own pin', () => {
    const order = { nowMs: 0, mode: 'ordered' as const, hands: [] };
    const floor = { participantId: 'p0', sinceMs: 0 };
    const state = { ...meeting(3), order: { ...order, floor, spotlightId: 'p2' } };
    expect(arrange(state).large?.id).toBe('p2');
    expect(arrange({ ...state, pinnedId: 'p1' }).large?.id).toBe('p1');
    expect(arrange({ ...state, order: { ...order, floor } }).large?.id).toBe('p0');
    expect(arrange({ ...state, order: { ...order, spotlightId: 'me' } }).large).toBeUndefined();
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
  const inSmallTiles = (count: number) => ({ ...meeting(count), areTilesSmall: true });

  it('is nobody where the tiles are large, and everybody where they are small', () => {
    expect([...smallFeeds(meeting(2))]).toEqual([]);
    expect([...smallFeeds(inSmallTiles(2))]).toEqual(['p0', 'p1']);
  });

  it('is not who stands large beside small tiles, nor a screen', () => {
    expect([...smallFeeds({ ...inSmallTiles(3), pinnedId: 'p1' })]).toEqual(['p0', 'p2']);
    const sharer = { ...person('p0'), sharing: true };
    const participants = [person('me'), sharer, person('p1')];
    expect([...smallFeeds({ ...inSmallTiles(0), participants })]).toEqual(['p0', 'p1']);
  });

  it('is not whose tile has the whole display', () => {
    expect([...smallFeeds({ ...inSmallTiles(2), fullScreenId: 'p1' })]).toEqual(['p0']);
  });
});

describe('the small size of a camera', () => {
  it.each([
    ['a grid of four on an office PC', { width: 674, height: 290 }, 1, false],
    ['24 on an office PC', { width: 220, height: 110 }, 1, true],
    ['beside somebody large', { width: 330, height: 128 }, 1, true],
    ['sixteen on a larger display', { width: 472, height: 220 }, 1, true],
    ['the only other one on a phone', { width: 374, height: 280 }, 3, false],
    ['one of many on a phone', { width: 180, height: 144 }, 3, true],
    ['one of 24 on a very large display', { width: 620, height: 360 }, 1, false],
  ])('is enough or not for %s', (_, size, density, isEnough) => {
    expect(isSmallTile(size, density)).toBe(isEnough);
  });
});
