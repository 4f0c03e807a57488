import { describe, expect, test } from 'vitest';
import { type Candidate, selectPicture } from '../../../src/stage/scene/select.ts';

const CIF = 396;
const live = (id: string, macroblocks?: number): Candidate => ({ id, isLive: true, macroblocks });
const silent = (id: string): Candidate => ({ id, isLive: false, macroblocks: undefined });
const receiver = (over: { maxFs?: number; recentIds?: string[] } = {}) => ({
  id: 'me',
  maxFs: 3_600,
  recentIds: [],
  ...over,
});

describe('an endpoint is shown', () => {
  const everybody = [live('a'), live('me'), live('b'), live('c')];

  test.each([
    ['the latest speaker', ['b', 'a'], everybody, receiver(), 'b'],
    ['the one before, when it speaks itself', ['me', 'c', 'a'], everybody, receiver(), 'c'],
    ['the one before, when the latest has no picture', ['x', 'c'], everybody, receiver(), 'c'],
    ['whom it was shown, when nobody speaks', [], everybody, receiver({ recentIds: ['c'] }), 'c'],
    [
      'whom it was shown before that, when it left',
      [],
      everybody,
      receiver({ recentIds: ['x', 'b'] }),
      'b',
    ],
    [
      'a speaker rather than whom it was shown',
      ['a'],
      everybody,
      receiver({ recentIds: ['c'] }),
      'a',
    ],
    ['the first to come, when it was shown nobody', [], everybody, receiver(), 'a'],
    ['the slate, when it is alone', ['me'], [live('me')], receiver(), undefined],
    ['the slate, when all are silent', ['a'], [live('me'), silent('a')], receiver(), undefined],
    ['nobody', ['a'], [], receiver(), undefined],
  ])('%s', (_, speakers, candidates, who, shown) => {
    expect(selectPicture(who, speakers, candidates)).toBe(shown);
  });

  test('no picture that is larger than its decoder takes', () => {
    const candidates = [live('large', CIF + 1), live('fits', CIF), live('unknown')];
    expect(selectPicture(receiver({ maxFs: CIF }), ['large'], candidates)).toBe('fits');
    expect(selectPicture(receiver({ maxFs: CIF - 1 }), ['large'], candidates)).toBe('unknown');
  });
});
