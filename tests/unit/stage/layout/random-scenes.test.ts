import { describe, expect, test } from 'vitest';
import { SceneLayout } from '../../../../src/contract/stage.ts';
import { arrange } from '../../../../src/stage/layout/arrangement.ts';
import {
  type Arrangement,
  GRID_SIZES,
  type Person,
  type PictureFacts,
  type SceneFacts,
  type Seats,
  type TilesView,
  type View,
  viewKey,
} from '../../../../src/stage/layout/types.ts';
import { viewFor } from '../../../../src/stage/layout/view.ts';
import { randomFrom } from './support.ts';

const LAYOUTS = SceneLayout.options;
const STORIES = 60;
const CHANGES = 25;
/** Large places by layout; all other tiles are small. */
const LARGE_SLOTS = { speaker: 1, content: 1, 'hq-speaker': 2, grid: 0 } as const;

interface Moment {
  readonly facts: SceneFacts;
  readonly arrangement: Arrangement;
  readonly before: Arrangement | undefined;
  /** Everybody, and one who is not there. */
  readonly receiverIds: readonly string[];
}

/** Stories of scenes in which at each moment somebody comes, goes, speaks, is pinned … */
function* moments(seed: number): Generator<Moment> {
  const random = randomFrom(seed);
  for (let story = 0; story < STORIES; story++) {
    let arrangement: Arrangement | undefined;
    let facts = beginning(random);
    for (let change = 0; change < CHANGES; change++) {
      facts = changed(facts, random);
      const before = arrangement;
      arrangement = arrange(facts, change * 3_000, before);
      const receiverIds = [...facts.people.map(person => person.id), 'nobody'];
      yield { facts, arrangement, before, receiverIds };
    }
  }
}

describe('in any scene', () => {
  test('nobody is in its own large place, and who is shown alone is somebody else', () => {
    let seen = 0;
    for (const { facts, arrangement, receiverIds } of moments(1)) {
      for (const id of receiverIds) {
        const own = largeIds(viewFor(id, facts, arrangement));
        seen += own.length;
        if (own.includes(id)) expect.fail(`${id} is shown itself in ${facts.layout}`);
      }
    }
    expect(seen).toBeGreaterThan(1_000);
  });

  test('each slot has one tile, nobody has two, and only who is known has any', () => {
    for (const { facts, arrangement, receiverIds } of moments(2)) {
      for (const id of receiverIds) {
        const view = viewFor(id, facts, arrangement);
        const wrong = view.kind === 'tiles' ? faults(view, facts) : [];
        if (wrong.length > 0) expect.fail(wrong.join(', '));
      }
    }
  });

  test('the speaker layout has two views at most, hq-speaker three, the grid one', () => {
    const most: Partial<Record<SceneLayout, number>> = {
      speaker: 2,
      full: 2,
      'hq-speaker': 3,
      // HQ has no picture, speaks, and has halls before it in turns.
      lecture: 3,
    };
    for (const { facts, arrangement, receiverIds } of moments(3)) {
      const views = [...new Set(receiverIds.map(id => viewKey(viewFor(id, facts, arrangement))))];
      const tooMany =
        views.length > (most[facts.layout] ?? receiverIds.length) ||
        views.filter(key => key.startsWith('speaker')).length > 2;
      if (tooMany) expect.fail([facts.layout, ...views].join('\n'));
      if (facts.layout === 'grid' && arrangement.grid.length > 1) expect(views).toHaveLength(1);
    }
  });

  test('a picture that lives is large before one that does not', () => {
    for (const { facts, arrangement, receiverIds } of moments(4)) {
      if (facts.layout !== 'speaker') continue;
      const cameras = [...facts.pictures].filter(([, { isLive, content }]) => isLive && !content);
      for (const id of receiverIds) {
        const [large] = largeIds(viewFor(id, facts, arrangement));
        const isLive = large !== undefined && facts.pictures.get(large)?.isLive === true;
        if (!isLive && cameras.some(([camera]) => camera !== id))
          expect.fail(`${id} sees ${large}`);
      }
    }
  });

  test('arranging again changes nothing', () => {
    for (const { facts, arrangement } of moments(5)) {
      expect({ ...arrange(facts, 0, arrangement), turn: null }).toEqual({
        ...arrangement,
        turn: null,
      });
    }
  });

  test('who keeps a tile of the grid keeps its place, unless the grid shrinks', () => {
    let kept = 0;
    for (const { arrangement, before } of moments(6)) {
      if (!before || before.grid.length > arrangement.grid.length) continue;
      expect(moved(before.grid, arrangement.grid)).toEqual([]);
      kept += before.grid.length;
    }
    expect(kept).toBeGreaterThan(1_000);
  });

  test('a join moves no tile and takes away one at most', () => {
    let joins = 0;
    for (const { facts, arrangement } of moments(7)) {
      const after = arrange(joined(facts), 0, arrangement);
      for (const [old, now] of [
        [arrangement.grid, after.grid],
        [arrangement.strip, after.strip],
      ] as const) {
        expect(moved(old, now)).toEqual([]);
        const gone = old.filter(id => id !== null && !now.includes(id));
        const unseen = gone.filter(id => id !== null && !after.largeIds.includes(id));
        expect(unseen.length).toBeLessThanOrEqual(1);
      }
      joins++;
    }
    expect(joins).toBe(STORIES * CHANGES);
  });
});

function largeIds(view: View): string[] {
  if (view.kind === 'slate') return [];
  if (view.kind === 'full') return [view.participantId];
  const large = view.tiles.filter(tile => tile.slot < LARGE_SLOTS[view.layout]);
  return large.map(tile => tile.participantId);
}

/** Who is in both and not at the same place. */
function moved(before: Seats, after: Seats): Seats {
  return before.filter((id, index) => id !== null && after.includes(id) && after[index] !== id);
}

function faults({ tiles, slotCount }: TilesView, facts: SceneFacts): string[] {
  const ids = tiles.map(tile => tile.participantId);
  return tiles.flatMap(({ slot, participantId }, index) => [
    ...(slot > (tiles[index - 1]?.slot ?? -1) ? [] : [`slot ${slot} out of order`]),
    ...(slot < slotCount ? [] : [`slot ${slot} of ${slotCount}`]),
    ...(ids.indexOf(participantId) === index ? [] : [`${participantId} twice`]),
    ...(isKnown(facts, participantId) ? [] : [`${participantId} is nobody`]),
  ]);
}

function isKnown(facts: SceneFacts, id: string): boolean {
  return facts.pictures.has(id) || facts.people.some(person => person.id === id);
}

function beginning(random: () => number): SceneFacts {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)];
  let facts: SceneFacts = {
    title: 'Scene',
    people: [],
    pictures: new Map(),
    speakerIds: [],
    poorIds: new Set(),
    layout: pick(LAYOUTS) ?? 'auto',
    hqId: 'p0',
  };
  const gridSize = pick([undefined, undefined, ...GRID_SIZES]);
  if (gridSize !== undefined) facts = { ...facts, gridSize };
  for (let count = Math.floor(random() * 30); count > 0; count--) {
    facts = withPerson(facts, random);
  }
  return facts;
}

function withPerson(facts: SceneFacts, random: () => number): SceneFacts {
  const id = facts.people.some(person => person.id === 'p0') ? `p${random()}` : 'p0';
  const kind = random() < 0.7 ? 'site' : 'browser';
  const person: Person = { id, name: id, kind, muted: random() < 0.5, handRaised: false };
  return withPicture({ ...facts, people: [...facts.people, person] }, id, random() < 0.8);
}

function withPicture(facts: SceneFacts, id: string, isLive: boolean, content = false): SceneFacts {
  const picture: PictureFacts = { isLive, content };
  return { ...facts, pictures: new Map([...facts.pictures, [id, picture]]) };
}

/** A hall with a picture comes last. */
function joined(facts: SceneFacts): SceneFacts {
  const person: Person = {
    id: 'newcomer',
    name: 'newcomer',
    kind: 'site',
    muted: false,
    handRaised: false,
  };
  return withPicture({ ...facts, people: [...facts.people, person] }, person.id, true);
}

function changed(facts: SceneFacts, random: () => number): SceneFacts {
  const someone = facts.people[Math.floor(random() * facts.people.length)]?.id ?? 'unknown';
  const without = new Map([...facts.pictures].filter(([id]) => id !== someone));
  const { pinnedId: _, ...unpinned } = facts;
  const changes: readonly (() => SceneFacts)[] = [
    () => withPerson(facts, random),
    () => withPerson(facts, random),
    () => ({
      ...facts,
      people: facts.people.filter(({ id }) => id !== someone),
      pictures: without,
    }),
    // It left, and its picture is still there; then the other way round.
    () => ({ ...facts, people: facts.people.filter(({ id }) => id !== someone) }),
    () => ({ ...facts, pictures: without }),
    () => withPicture(facts, someone, random() < 0.5),
    () => withPicture(facts, 'slides', random() < 0.5, true),
    () => speaks(facts, someone),
    () => speaks(facts, someone),
    () => ({ ...facts, speakerIds: facts.speakerIds.slice(1) }),
    () => ({ ...facts, pinnedId: someone }),
    () => ({ ...facts, pinnedId: 'slides' }),
    () => unpinned,
  ];
  return changes[Math.floor(random() * changes.length)]?.() ?? facts;
}

function speaks(facts: SceneFacts, id: string): SceneFacts {
  return { ...facts, speakerIds: [id, ...facts.speakerIds.filter(other => other !== id)] };
}
