import { describe, expect, it, vi } from 'vitest';
import { SceneLayout } from '../../../src/contract/layout.ts';
import { LayoutInput } from '../../../src/contract/rest.ts';
import { OUTCOMES } from '../../../src/domain/errors.ts';
import { problemOf } from '../../../src/web/room/act-problem.ts';
import { Acting, actKey } from '../../../src/web/room/acting.ts';
import { ActError } from '../../../src/web/room/events.ts';
import { giveFloor } from '../../../src/web/room/floor-limit.ts';
import {
  LAYOUTS,
  withGridSize,
  withHq,
  withLayout,
  withoutHq,
} from '../../../src/web/room/hall-layout.ts';
import { found, isSameRow, type Mark, rosterOf } from '../../../src/web/room/roster.ts';
import { initialState } from '../../../src/web/room/state.ts';
import { en } from '../../../src/web/shared/locales/en.ts';
import { person } from './people.ts';

const NOBODY = { ...initialState, selfId: 'me' };

describe('the roster', () => {
  const named = (id: string, name: string, more = {}) => ({ ...person(id), name, ...more });
  const site = { kind: 'endpoint' } as const;

  it('has sites apart from laptops, each by name as a Vietnamese reads it', () => {
    const participants = [
      named('1', 'Xã 10', site),
      named('2', 'Xã 9', site),
      named('3', 'Đặng Lan'),
      named('4', 'Dương Minh'),
      named('5', 'Em'),
    ];
    const { sites, laptops } = rosterOf({ ...NOBODY, participants });
    expect(sites.map(({ name }) => name)).toEqual(['Xã 9', 'Xã 10']);
    expect(laptops.map(({ name }) => name)).toEqual(['Dương Minh', 'Đặng Lan', 'Em']);
  });

  it.each([
    ['dat do', ['Xã Đất Đỏ']],
    ['ĐẤT', ['Xã Đất Đỏ']],
    ['xa', ['Xã Đất Đỏ', 'Xã Tân Phú']],
    ['', ['Xã Đất Đỏ', 'Xã Tân Phú']],
    ['phu quoc', []],
  ])('“%s” finds %j', (typed, names) => {
    const participants = [named('1', 'Xã Tân Phú', site), named('2', 'Xã Đất Đỏ', site)];
    const { sites } = found(rosterOf({ ...NOBODY, participants }), typed);
    expect(sites.map(({ name }) => name)).toEqual(names);
  });

  it.each<[Mark, object, object]>([
    ['chair', { chair: true }, {}],
    ['floor', {}, { order: { floor: { participantId: 'a', sinceMs: 0 }, hands: [] } }],
    ['speaking', {}, { talking: new Set(['a']) }],
    ['speaking', { speaking: true }, {}],
    ['muted', { muted: true }, {}],
    ['sharing', { sharing: true }, {}],
    ['spotlight', {}, { order: { hands: [], spotlightId: 'a' } }],
    ['hq', {}, { chair: { layout: { layout: 'auto', hqParticipantId: 'a' } } }],
    ['poor-line', { poorLine: true }, {}],
    ['no-sound', { alarms: ['no-sound'] }, {}],
  ])('marks %s', (mark, of, state) => {
    const participants = [{ ...person('a'), ...of }, person('b')];
    const { laptops } = rosterOf({ ...NOBODY, participants, ...state } as typeof NOBODY);
    expect(laptops.map(({ marks }) => marks)).toEqual([[mark], []]);
  });

  it('says how many hands are before one', () => {
    const hands = ['b', 'a'].map(participantId => ({ participantId, raisedAtMs: 0 }));
    const order = { nowMs: 0, mode: 'free' as const, hands };
    const participants = [person('a'), person('b'), person('c')];
    const { laptops } = rosterOf({ ...NOBODY, participants, order });
    expect(laptops.map(({ handPlace }) => handPlace)).toEqual([2, 1, undefined]);
    expect(laptops[0]?.marks).toEqual(['hand']);
  });

  it('shows our own switch at once, and what holds us muted', () => {
    const marksOfUs = (change: object) =>
      rosterOf({ ...NOBODY, participants: [person('me')], ...change }).laptops[0]?.marks;
    expect(marksOfUs({})).toEqual(['self']);
    expect(marksOfUs({ muted: true })).toEqual(['self', 'muted']);
    expect(marksOfUs({ heldMuted: true })).toEqual(['self', 'muted']);
  });

  it('a row is drawn anew only for what is seen of it', () => {
    const rowOf = (change: object) => {
      const participants = [{ ...person('a'), ...change }];
      const [row] = rosterOf({ ...NOBODY, participants }).laptops;
      return row ?? expect.fail('no row');
    };
    expect(isSameRow(rowOf({}), rowOf({ joinedAtMs: 5 }))).toBe(true);
    expect(isSameRow(rowOf({}), rowOf({ muted: true }))).toBe(false);
    expect(isSameRow(rowOf({}), rowOf({ name: 'Lan' }))).toBe(false);
  });
});

describe('words', () => {
  it('are there for every layout', () => {
    const { layouts, hints } = en.chair.halls;
    for (const words of [layouts, hints])
      expect(Object.keys(words).sort()).toEqual([...SceneLayout.options].sort());
    expect([...LAYOUTS].sort()).toEqual([...SceneLayout.options].sort());
  });
});

describe('an act of a chair', () => {
  const LOCK = { do: 'lock', locked: true } as const;
  const UNLOCK = { do: 'lock', locked: false } as const;

  function slowGateway() {
    const asked: { answer: () => void; refuse: (code: string) => void }[] = [];
    const acting = new Acting(
      () =>
        new Promise((resolve, reject) => {
          asked.push({ answer: resolve, refuse: code => reject(new ActError(code)) });
        }),
    );
    return { acting, asked };
  }

  it('asked for twice at once is done once; another one is not held up', async () => {
    const { acting, asked } = slowGateway();
    const first = acting.do(LOCK);
    expect(await acting.do(LOCK)).toBe(false);
    const other = acting.do(UNLOCK);
    for (const one of asked) one.answer();
    expect(await Promise.all([first, other])).toEqual([true, true]);
    expect(asked).toHaveLength(2);
    void acting.do(LOCK);
    expect(asked).toHaveLength(3);
  });

  it('is said to work only after a moment', async () => {
    vi.useFakeTimers();
    const { acting, asked } = slowGateway();
    const done = acting.do(LOCK);
    const isSlow = () => acting.get().slow.has(actKey(LOCK));
    vi.advanceTimersByTime(200);
    expect(isSlow()).toBe(false);
    vi.advanceTimersByTime(200);
    expect(isSlow()).toBe(true);
    asked[0]?.answer();
    await done;
    expect(isSlow()).toBe(false);
    vi.useRealTimers();
  });

  it('that is refused says why until the next one is done', async () => {
    const { acting, asked } = slowGateway();
    const refused = acting.do(LOCK);
    asked[0]?.refuse('not-authorized');
    expect(await refused).toBe(false);
    expect(acting.get().problem).toBe('not-authorized');
    const done = acting.do(LOCK);
    asked[1]?.answer();
    await done;
    expect(acting.get().problem).toBeUndefined();
  });

  it.each(['vi', 'en-US'])('refused has a next step for every code there is, in %s', language => {
    for (const code of [...Object.keys(OUTCOMES), 'unheard-of']) {
      const { meaning, nextStep } = problemOf(code, language);
      expect(meaning && nextStep, code).toBeTruthy();
    }
  });

  it('gives the floor for as long as was chosen', () => {
    expect(giveFloor('a', 0)).toEqual({ do: 'give-floor', participantId: 'a' });
    expect(giveFloor('a', 5)).toEqual({ do: 'give-floor', participantId: 'a', limitSec: 300 });
  });
});

describe('the halls’ layout', () => {
  const now = { layout: 'lecture', hqSiteId: 's', pinnedParticipantId: 'p', gridSize: 9 } as const;

  it('changes in one thing and keeps the others', () => {
    expect(withLayout(now, 'full')).toEqual({ ...now, layout: 'full' });
    expect(withGridSize(now, 4)).toEqual({ ...now, layout: 'grid', gridSize: 4 });
    expect(withGridSize(now, undefined)).not.toHaveProperty('gridSize');
  });

  it('is led by a participant in the place of a site, as the gateway takes it', () => {
    const led = withHq(now, 'lan');
    expect(led).toEqual({
      layout: 'lecture',
      hqParticipantId: 'lan',
      pinnedParticipantId: 'p',
      gridSize: 9,
    });
    expect(LayoutInput.safeParse(led).success).toBe(true);
    expect(withoutHq(led)).not.toHaveProperty('hqParticipantId');
  });
});
