import { describe, expect, test } from 'vitest';
import { arrange, TURN_MS } from '../../../../src/stage/layout/arrangement.ts';
import {
  type SceneFacts,
  shownIds,
  type TileContent,
  type View,
  viewKey,
} from '../../../../src/stage/layout/types.ts';
import { viewFor } from '../../../../src/stage/layout/view.ts';
import { facts, hall, type Scene, seen, text } from './support.ts';

type Row = readonly [situation: string, scene: Scene, receiver: string, view: string];

function check(over: Partial<SceneFacts>, rows: readonly Row[]) {
  test.each(rows)('%s', (_, scene, receiver, view) => {
    expect(text(seen(receiver, facts(scene, over)))).toBe(view);
  });
}

describe('a hall with a wish of its own', () => {
  const scene = facts({ halls: 'a b c', speakers: 'b' });
  const people = scene.people.map(one =>
    one.id === 'a' ? { ...one, layout: 'grid' as const } : one,
  );

  test('sees what it prefers where the conference leaves it open, and the others do not', () => {
    expect(text(seen('a', { ...scene, people }))).toBe('grid b a c -');
    expect(text(seen('c', { ...scene, people }))).toBe('speaker b a c');
  });

  test('sees what everybody sees where the chair has chosen', () => {
    expect(text(seen('a', { ...scene, people, layout: 'full' }))).toBe('full b');
  });
});

describe('left to itself, a hall sees', () => {
  check({ layout: 'auto' }, [
    ['the slate in an empty scene', {}, 'a', 'slate'],
    ['the slate when it is alone', { halls: 'a' }, 'a', 'slate'],
    ['the slate when it is alone and spoke', { halls: 'a', speakers: 'a' }, 'a', 'slate'],
    ['the slate when the other has no picture', { halls: 'a', darkHalls: 'b' }, 'a', 'slate'],
    [
      'the name of a speaker, when nobody else has a picture',
      { halls: 'a', darkHalls: 'b', darkBrowsers: 'c', speakers: 'c' },
      'a',
      'full c',
    ],
    ['the other one of two', { halls: 'a b', speakers: 'a b' }, 'b', 'full a'],
    ['the only picture, when it has none', { halls: 'a', darkHalls: 'b c' }, 'b', 'full a'],
    ['a browser as well as a hall', { halls: 'a', browsers: 'x' }, 'a', 'full x'],
    ['all alike when nobody spoke yet', { halls: 'a b c' }, 'a', 'grid a b c -'],
    ['the speaker of three', { halls: 'a b c', speakers: 'b' }, 'a', 'speaker b a c'],
    ['the one before, when it speaks', { halls: 'a b c', speakers: 'b c' }, 'b', 'speaker c b a'],
    [
      'all alike when who spoke has left',
      { halls: 'a b c', speakers: 'gone' },
      'a',
      'grid a b c -',
    ],
    [
      'slides, and the speaker beside them',
      { halls: 'a b c', slides: 's', speakers: 'b' },
      'a',
      'content s b',
    ],
    [
      'the same slides, when it speaks',
      { halls: 'a b c', slides: 's', speakers: 'b' },
      'b',
      'content s b',
    ],
    ['slides alone when there is no camera', { darkHalls: 'a', slides: 's' }, 'a', 'full s'],
    ['the slides that came last', { halls: 'a b', slides: 's t' }, 'a', 'content t a'],
  ]);

  test('the pinned one although nobody spoke', () => {
    expect(text(seen('a', facts({ halls: 'a b c' }, { pinnedId: 'c' })))).toBe('speaker c a b');
  });

  test('the pinned slides of two', () => {
    const scene = facts({ halls: 'a b', slides: 's t' }, { pinnedId: 's' });
    expect(text(seen('a', scene))).toBe('content s a');
  });
});

describe('in the speaker layout the large place has', () => {
  check({ layout: 'speaker' }, [
    ['the latest speaker', { halls: 'a b c', speakers: 'c b' }, 'a', 'speaker c b a'],
    ['not oneself', { halls: 'a b c', speakers: 'c b' }, 'c', 'speaker b c a'],
    [
      'the one before, when the latest has no picture',
      { halls: 'a b c', darkHalls: 'd', speakers: 'd b' },
      'a',
      'speaker b a c d',
    ],
    ['the first to come, when nobody spoke', { halls: 'a b c' }, 'c', 'speaker a b c'],
    ['the second to come, for the first', { halls: 'a b c' }, 'a', 'speaker b a c'],
    ['the other, and oneself small', { halls: 'a b' }, 'a', 'speaker b a'],
    ['nobody when there is nobody else', { halls: 'a' }, 'a', 'slate'],
    ['slides', { halls: 'a b', slides: 's', speakers: 'b' }, 'a', 'content s b'],
  ]);

  test('the pinned one, whoever speaks', () => {
    const scene = facts({ halls: 'a b c', speakers: 'b' }, { layout: 'speaker', pinnedId: 'c' });
    expect(text(seen('a', scene))).toBe('speaker c b a');
    expect(text(seen('c', scene))).toBe('speaker b c a');
  });

  test('the speaker, while the pinned one has no picture', () => {
    const scene = facts(
      { halls: 'a b', darkHalls: 'c', speakers: 'b' },
      { layout: 'speaker', pinnedId: 'c' },
    );
    expect(text(seen('a', scene))).toBe('speaker b a c');
  });

  test('no slides while somebody else is pinned', () => {
    const pinned = facts({ halls: 'a b c', slides: 's' }, { layout: 'speaker', pinnedId: 'c' });
    expect(text(seen('a', pinned))).toBe('speaker c a b');
    const dark = facts(
      { halls: 'a b', darkHalls: 'c', slides: 's' },
      { layout: 'speaker', pinnedId: 'c' },
    );
    expect(text(seen('b', dark))).toBe('content s a');
  });

  test('whom it had last, when the speakers are forgotten', () => {
    const before = arrange(facts({ halls: 'a b c', speakers: 'c' }, { layout: 'speaker' }), 0);
    const silent = facts({ halls: 'a b c' }, { layout: 'speaker' });
    expect(text(seen('b', silent, before))).toBe('speaker c a b');
  });

  test('who is pinned no longer, until somebody speaks', () => {
    const pinned = facts({ halls: 'a b c' }, { layout: 'speaker', pinnedId: 'c' });
    const before = arrange(pinned, 0);
    expect(text(seen('a', facts({ halls: 'a b c' }, { layout: 'speaker' }), before))).toBe(
      'speaker c a b',
    );
  });
});

describe('in the strip', () => {
  const layout = 'speaker';

  test('who was large takes the place of who is', () => {
    const before = arrange(facts({ halls: 'a b c d', speakers: 'a' }, { layout }), 0);
    expect(before.strip).toEqual(['b', 'c', 'd']);
    const after = facts({ halls: 'a b c d', speakers: 'c a' }, { layout });
    expect(text(seen('b', after, before))).toBe('speaker c b a d');
  });

  test('are seven, and a new speaker’s place goes back to who was silent longest', () => {
    const halls = 'a b c d e f g h i j';
    const before = arrange(facts({ halls, speakers: 'a' }, { layout }), 0);
    expect(before.strip).toEqual(['b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const after = facts({ halls, speakers: 'j a' }, { layout });
    expect(text(seen('b', after, before))).toBe('speaker j b c d e f g a');
  });

  check({ layout: 'speaker' }, [
    [
      'halls without a picture come after those with one, listeners last',
      { halls: 'a', darkHalls: 'b c', browsers: 'x', darkBrowsers: 'y' },
      'b',
      'speaker a x b c y',
    ],
    [
      'listeners have no place when it is full',
      { halls: 'a b c d e f', darkHalls: 'g h', darkBrowsers: 'y' },
      'b',
      'speaker a b c d e f g h',
    ],
  ]);

  test('the last takes the place of who leaves', () => {
    const before = arrange(facts({ halls: 'a b c d e' }, { layout }), 0);
    expect(text(seen('c', facts({ halls: 'a c d e' }, { layout }), before))).toBe(
      'speaker a e c d',
    );
  });
});

describe('in the grid', () => {
  check({ layout: 'grid' }, [
    ['four fit two by two', { halls: 'a b c d' }, 'a', 'grid a b c d'],
    ['the fifth makes it three by three', { halls: 'a b c d e' }, 'a', 'grid a b c d e - - - -'],
    ['one sees the only other alone', { halls: 'a', darkHalls: '' }, 'b', 'full a'],
    ['one who is alone sees the slate', { halls: 'a' }, 'a', 'slate'],
    [
      'listeners have what is left over',
      { halls: 'a b c', darkBrowsers: 'x y' },
      'a',
      'grid a b c x',
    ],
    [
      'a listener is seen when there is nobody else',
      { halls: 'a', darkBrowsers: 'x' },
      'a',
      'grid a x - -',
    ],
    [
      'pictures come before halls without one',
      { darkHalls: 'a', halls: 'b c' },
      'b',
      'grid b c a -',
    ],
    ['slides, with the one who came first', { halls: 'a b', slides: 's' }, 'a', 'content s a'],
  ]);

  test('are no more tiles than asked for, and a speaker gets in', () => {
    const over = { layout: 'grid', gridSize: 4 } as const;
    const halls = 'a b c d e f';
    const first = arrange(facts({ halls, speakers: 'a b c' }, over), 0);
    expect(first.grid).toEqual(['a', 'b', 'c', 'd']);
    const second = arrange(facts({ halls, speakers: 'f a b c' }, over), 0, first);
    expect(second.grid).toEqual(['a', 'b', 'c', 'f']);
    const third = arrange(facts({ halls, speakers: 'e f a b c' }, over), 0, second);
    expect(third.grid).toEqual(['a', 'b', 'e', 'f']);
  });

  test('of one tile nobody sees itself', () => {
    const scene = facts({ halls: 'a b', speakers: 'a' }, { layout: 'grid', gridSize: 1 });
    expect(text(seen('a', scene))).toBe('full b');
    expect(text(seen('b', scene))).toBe('full a');
  });

  test('who leaves makes a hole, who joins fills it', () => {
    const layout = 'grid';
    const five = arrange(facts({ halls: 'a b c d e f' }, { layout }), 0);
    const left = arrange(facts({ halls: 'a c d e f' }, { layout }), 0, five);
    expect(left.grid.slice(0, 6)).toEqual(['a', null, 'c', 'd', 'e', 'f']);
    const joined = arrange(facts({ halls: 'a c d e f g h' }, { layout }), 0, left);
    expect(joined.grid.slice(0, 7)).toEqual(['a', 'g', 'c', 'd', 'e', 'f', 'h']);
  });

  test('whoever is beyond its end takes a hole when it shrinks, and nobody else moves', () => {
    const layout = 'grid';
    const six = arrange(facts({ halls: 'a b c d e f' }, { layout }), 0);
    const four = arrange(facts({ halls: 'a c e f' }, { layout }), 0, six);
    expect(four.grid).toEqual(['a', 'e', 'c', 'f']);
  });

  test('someone keeps its tile when its picture goes', () => {
    const layout = 'grid';
    const before = arrange(facts({ halls: 'a b c' }, { layout }), 0);
    const dark = facts({ halls: 'b c' }, { layout, people: ['a', 'b', 'c'].map(hall) });
    const view = seen('b', dark, before);
    expect(text(view)).toBe('grid a b c -');
    expect(tile(view, 'a').marks.noPicture).toBe(true);
  });
});

describe('in a lecture', () => {
  const over = { layout: 'lecture', hqId: 'hq' } as const;

  check(over, [
    ['HQ is all that is seen', { halls: 'a hq b', speakers: 'b' }, 'a', 'full hq'],
    ['the speaker, when HQ has no picture', { halls: 'a b', darkHalls: 'hq' }, 'a', 'full b'],
    ['HQ sees the first hall', { halls: 'hq a b', browsers: 'x' }, 'hq', 'full a'],
    ['HQ sees a browser, when there is no hall', { halls: 'hq', browsers: 'x' }, 'hq', 'full x'],
    ['HQ sees the slate, when it is alone', { halls: 'hq' }, 'hq', 'slate'],
  ]);

  test('HQ sees the halls in turns', () => {
    const scene = facts({ halls: 'a hq b c' }, over);
    let arrangement = arrange(scene, 0);
    const turns = [0, TURN_MS - 1, TURN_MS, 2 * TURN_MS, 3 * TURN_MS].map(atMs => {
      arrangement = arrange(scene, atMs, arrangement);
      return text(viewFor('hq', scene, arrangement));
    });
    expect(turns).toEqual(['full a', 'full a', 'full b', 'full c', 'full a']);
  });

  test('the turn goes on when the hall that is seen loses its picture', () => {
    const before = arrange(facts({ halls: 'hq a b c' }, over), 0);
    const people = ['hq', 'a', 'b', 'c'].map(hall);
    expect(text(seen('hq', facts({ halls: 'hq b c' }, { ...over, people }), before))).toBe(
      'full b',
    );
  });

  test('HQ sees the pinned hall instead', () => {
    const scene = facts({ halls: 'hq a b' }, { ...over, pinnedId: 'b' });
    expect(text(seen('hq', scene))).toBe('full b');
    expect(text(seen('a', scene))).toBe('full hq');
  });

  test('without HQ the speaker is seen', () => {
    const scene = facts({ halls: 'a b c', speakers: 'c' }, { layout: 'lecture' });
    expect(text(seen('a', scene))).toBe('full c');
  });
});

describe('beside HQ', () => {
  check({ layout: 'hq-speaker', hqId: 'hq' }, [
    [
      'is the speaker, the others below',
      { halls: 'hq a b c', speakers: 'b' },
      'a',
      'hq-speaker hq b a c',
    ],
    [
      'is whom the speaker heard before, for the speaker',
      { halls: 'hq a b c', speakers: 'b c' },
      'b',
      'hq-speaker hq c b a',
    ],
    [
      'nobody is for HQ itself, which sees the last two speakers',
      { halls: 'hq a b c', speakers: 'hq b c' },
      'hq',
      'hq-speaker b c hq a',
    ],
    ['nobody is, when there are two', { halls: 'hq a' }, 'a', 'full hq'],
    ['nobody is, when there is no HQ', { halls: 'a b c', speakers: 'b' }, 'a', 'speaker b a c'],
  ]);
});

describe('the full layout', () => {
  check({ layout: 'full' }, [
    ['shows the speaker alone', { halls: 'a b c', speakers: 'c b' }, 'a', 'full c'],
    ['shows the speaker the one before', { halls: 'a b c', speakers: 'c b' }, 'c', 'full b'],
    ['shows the slate to who is alone', { halls: 'a' }, 'a', 'slate'],
  ]);
});

describe('a tile says', () => {
  const scene = facts(
    { halls: 'a b', darkHalls: 'c', speakers: 'b a' },
    {
      layout: 'grid',
      poorIds: new Set(['a']),
      people: [hall('a'), { ...hall('b'), muted: true, handRaised: true }, hall('c')],
    },
  );

  test('who it is, and whether it speaks, is muted, has a hand up, a poor line, no picture', () => {
    const view = seen('a', scene);
    const marks = (id: string) => {
      const found = Object.entries(tile(view, id).marks);
      return found.filter(([, is]) => is).map(([name]) => name);
    };
    expect(tile(view, 'a').name).toBe('Hall a');
    expect([marks('a'), marks('b'), marks('c')]).toEqual([
      ['poorLine'],
      ['speaking', 'muted', 'handRaised'],
      ['noPicture'],
    ]);
  });

  test('that who talks now speaks, when that is known', () => {
    const view = seen('a', { ...scene, talkingIds: new Set(['a']) });
    expect(tile(view, 'a').marks.speaking).toBe(true);
    expect(tile(view, 'b').marks.speaking).toBe(false);
  });

  test('whose slides they are, and the id of whom nobody knows', () => {
    const view = seen('a', facts({ halls: 'a', slides: 's' }, { people: [] }));
    expect([tile(view, 's').name, tile(view, 'a').name]).toEqual(['Slides', 'a']);
  });
});

describe('views are one composition', () => {
  const scene = facts({ halls: 'a b c', speakers: 'a' });

  test('whatever names and marks say', () => {
    const muted = scene.people.map(person => ({ ...person, name: 'x', muted: true }));
    const marked = { ...scene, people: muted, poorIds: new Set(['b']) };
    expect(viewKey(seen('b', marked))).toBe(viewKey(seen('b', scene)));
  });

  test('for two who are in no large place, not for the one who is', () => {
    expect(viewKey(seen('b', scene))).toBe(viewKey(seen('c', scene)));
    expect(viewKey(seen('a', scene))).not.toBe(viewKey(seen('b', scene)));
  });

  test('only with the same in the same places', () => {
    const views = [
      seen('x', facts({ halls: 'a b c' }, { layout: 'grid' })),
      seen('x', facts({ halls: 'a c b' }, { layout: 'grid' })),
      seen('x', facts({ halls: 'a b c' }, { layout: 'speaker' })),
      seen('x', facts({ halls: 'a' })),
      seen('x', facts({ halls: 'b' })),
      seen('x', facts({})),
    ];
    expect(new Set(views.map(viewKey)).size).toBe(views.length);
  });

  test('tells whom it shows, the largest first', () => {
    expect(shownIds(seen('b', scene))).toEqual(['a', 'b', 'c']);
    expect(shownIds(seen('x', facts({ halls: 'a' })))).toEqual(['a']);
    expect(shownIds(seen('x', facts({})))).toEqual([]);
  });
});

function tile(view: View, id: string): TileContent {
  const tiles = view.kind === 'tiles' ? view.tiles : [];
  const found = tiles.find(candidate => candidate.participantId === id);
  if (!found) throw new Error(`no tile of ${id} in ${text(view)}`);
  return found;
}
