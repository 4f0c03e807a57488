import { describe, expect, it } from 'vitest';
import { ActError } from '../../../src/web/room/events.ts';
import { RollActs } from '../../../src/web/room/roll-acts.ts';
import type { RollApi } from '../../../src/web/room/roll-api.ts';
import {
  calledRow,
  isSameRollRow,
  type RollRowView,
  rollWish,
  stepFrom,
  typedHeadcount,
} from '../../../src/web/room/roll-steps.ts';

const row = (id: string, byHand = false): RollRowView => ({
  ...{ id, name: id, kind: 'site', mark: 'present' },
  byHand,
});

describe('who is called', () => {
  const rows = [row('a', true), row('b'), row('c')];

  it('first is whom nobody has marked by hand, then whom the chair chose', () => {
    expect(calledRow(rows, undefined)?.id).toBe('b');
    expect(calledRow(rows, 'c')?.id).toBe('c');
    expect(calledRow(rows, 'gone')?.id).toBe('b');
    expect(calledRow([row('a', true)], undefined)?.id).toBe('a');
    expect(calledRow([], undefined)).toBeUndefined();
  });

  it.each([
    ['a', 1, 'b'],
    ['c', 1, 'c'],
    ['c', -1, 'b'],
    ['a', -1, 'a'],
  ] as const)('from %s by %i is %s', (id, by, next) => {
    expect(stepFrom(rows, id, by)).toBe(next);
  });
});

it('a row is drawn anew only for what is seen of it', () => {
  expect(isSameRollRow(row('a'), { ...row('a') })).toBe(true);
  expect(isSameRollRow(row('a'), { ...row('a'), note: 'x' })).toBe(false);
  expect(isSameRollRow({ ...row('a'), headcount: 1 }, row('a'))).toBe(false);
});

describe('a key of the roll call', () => {
  const plain = { ctrlKey: false, altKey: false, metaKey: false, repeat: false };

  it.each([
    ['p', { mark: 'present' }],
    ['A', { mark: 'absent' }],
    ['l', { mark: 'late' }],
    ['ArrowRight', { step: 1 }],
    ['ArrowLeft', { step: -1 }],
    ['ArrowDown', undefined],
    ['x', undefined],
  ])('%s', (key, wish) => {
    expect(rollWish({ ...plain, key })).toEqual(wish);
  });

  it('that is the browser’s own, or is held, marks nobody', () => {
    expect(rollWish({ ...plain, key: 'p', ctrlKey: true })).toBeUndefined();
    expect(rollWish({ ...plain, key: 'p', repeat: true })).toBeUndefined();
    expect(rollWish({ ...plain, key: 'ArrowRight', repeat: true })).toEqual({ step: 1 });
  });
});

it.each([
  ['', null],
  [' 12 ', 12],
  ['0', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['10000', undefined],
  ['mười', undefined],
])('a headcount typed as “%s” is %s', (typed, headcount) => {
  expect(typedHeadcount(typed)).toBe(headcount);
});

describe('what a chair does with the roll', () => {
  const api = (more: Partial<RollApi>): RollApi => ({
    start: async () => undefined,
    mark: async () => undefined,
    markRestAbsent: async () => undefined,
    sign: async () => undefined,
    file: async () => ({ name: 'a.pdf', content: new Blob(['x']) }),
    ...more,
  });

  it('that was refused is said with its code, until something is done', async () => {
    let refuses = true;
    const acts = new RollActs(
      api({
        sign: async () => {
          if (refuses) throw new ActError('conflict');
        },
      }),
      () => undefined,
    );
    expect(await acts.sign('Lan')).toBe(false);
    expect(acts.get()).toEqual({ running: 0, problem: 'conflict' });
    refuses = false;
    expect(await acts.sign('Lan')).toBe(true);
    expect(acts.get()).toEqual({ running: 0, problem: undefined });
  });

  it('is counted while it has no answer', async () => {
    const acts = new RollActs(api({}), () => undefined);
    const marking = [acts.mark('a', { mark: 'late' }), acts.markRestAbsent()];
    expect(acts.get().running).toBe(2);
    await Promise.all(marking);
    expect(acts.get().running).toBe(0);
  });

  it('saves a file that came, and none that did not', async () => {
    const saved: string[] = [];
    const file = () => Promise.reject(new ActError('network'));
    await new RollActs(api({ file }), ({ name }) => saved.push(name)).download('pdf', 'vi');
    expect(saved).toEqual([]);
    await new RollActs(api({}), ({ name }) => saved.push(name)).download('pdf', 'vi');
    expect(saved).toEqual(['a.pdf']);
  });
});
