import { describe, expect, test } from 'vitest';
import { factsOf, type Known } from '../../../../src/stage/scene/scene-facts.ts';

const NOW_MS = 5_000;
const KNOWN: Known = { title: 'Giao ban', speakerIds: [], people: [], layout: { layout: 'auto' } };

interface Camera {
  readonly kind?: 'endpoint' | 'browser';
  readonly isContent?: boolean;
  readonly isLive?: boolean;
  readonly lossRatio?: number;
}

/** As much of a member as facts are made of. */
function member(id: string, camera: Camera = {}) {
  const { kind = 'endpoint', isContent = false, isLive = true, lossRatio = 0 } = camera;
  const source = { isLive: () => isLive, stream: { lossRatio } } as never;
  return { id, name: `Camera ${id}`, kind, isContent, source };
}

const person = (participantId: string, muted = false) => ({
  participantId,
  name: `Person ${participantId}`,
  kind: 'site' as const,
  muted,
  handRaised: false,
});

describe('people', () => {
  test('are who was said, in that order, and then who has a camera all the same', () => {
    const known = { ...KNOWN, people: [person('b', true), person('a')] };
    const members = [member('a'), member('c', { kind: 'browser' }), member('d')];
    expect(factsOf(members, known, NOW_MS).people).toEqual([
      { id: 'b', name: 'Person b', kind: 'site', muted: true, handRaised: false },
      { id: 'a', name: 'Person a', kind: 'site', muted: false, handRaised: false },
      { id: 'c', name: 'Camera c', kind: 'browser', muted: false, handRaised: false },
      { id: 'd', name: 'Camera d', kind: 'site', muted: false, handRaised: false },
    ]);
  });

  test('are not slides', () => {
    const { people, pictures } = factsOf([member('s', { isContent: true })], KNOWN, NOW_MS);
    expect(people).toEqual([]);
    expect(pictures.get('s')).toEqual({ isLive: true, content: true, name: 'Camera s' });
  });
});

test('a camera that gives nothing is there, and not live', () => {
  const { pictures } = factsOf([member('a', { isLive: false })], KNOWN, NOW_MS);
  expect(pictures.get('a')?.isLive).toBe(false);
});

test('a line is called poor above 5 % of loss', () => {
  const members = [member('a', { lossRatio: 0.05 }), member('b', { lossRatio: 0.06 })];
  expect(factsOf(members, KNOWN, NOW_MS).poorIds).toEqual(new Set(['b']));
});

test('the layout is handed on, with what belongs to it', () => {
  const layout = { layout: 'hq-speaker', hqId: 'a', pinnedId: 'b', gridSize: 9 } as const;
  const facts = factsOf([], { ...KNOWN, layout, speakerIds: ['b', 'a'] }, NOW_MS);
  expect(facts).toMatchObject({ ...layout, title: 'Giao ban', speakerIds: ['b', 'a'] });
  expect(Object.keys(factsOf([], KNOWN, NOW_MS))).not.toContain('hqId');
});
