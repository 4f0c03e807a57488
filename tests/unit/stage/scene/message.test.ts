import { describe, expect, test } from 'vitest';
import type { SceneFacts } from '../../../../src/stage/layout/types.ts';
import { Director } from '../../../../src/stage/scene/director.ts';
import { factsOf } from '../../../../src/stage/scene/scene-facts.ts';

const TERMS = {
  codec: 'h264',
  limits: {
    packetizationMode: 1,
    profileLevelId: '42e01f',
    maxFs: 3_600,
    maxMbps: 108_000,
    maxBitrateBps: 1_500_000,
  },
};
const hall = (id: string) => ({
  id,
  name: id,
  kind: 'endpoint' as const,
  isContent: false,
  receives: true,
  terms: TERMS,
  rate: { maxBitrateBps: 1_500_000, reason: 'negotiated' },
  picture: { shownId: null },
  source: {
    id,
    codec: 'h264',
    hasFragments: true,
    bitrateBps: 500_000,
    isLive: () => true,
    stream: { macroblocks: 920, lossRatio: 0 },
  },
});
const HALLS = [hall('a'), hall('b')];

function factsWith(message: string): SceneFacts {
  const known = {
    title: 'Giao ban',
    speakerIds: [],
    people: [],
    layout: { layout: 'full' as const },
  };
  return factsOf(HALLS as never, { ...known, message }, 0);
}

function directed(facts: SceneFacts) {
  const director = new Director();
  director.arrange(facts, 0);
  const craft = {
    facts,
    slate: { title: 'Giao ban', lines: [] },
    allowance: { names: 'composed', pictures: { maxHeight: 720, maxFps: 25 }, mayOpenCanvas: true },
    sourceOf: (id: string) => HALLS.find(one => one.id === id)?.source,
  };
  return director.direct(HALLS[1] as never, craft as never);
}

describe('a message for everybody', () => {
  test('has a picture composed that was passed on', () => {
    expect(directed(factsWith(''))).toMatchObject({ kind: 'camera', source: { id: 'a' } });
    const direction = directed(factsWith('Nghỉ giải lao'));
    expect(direction).toMatchObject({ kind: 'canvas', wish: { receiverId: 'b' } });
    if (direction.kind !== 'canvas') return expect.fail('no canvas');
    expect(direction.wish.painting).toMatchObject({
      message: 'Nghỉ giải lao',
      tiles: [{ sourceId: 'a' }],
    });
  });

  test('stands on a slate too', () => {
    const nobody = { ...factsWith('Sắp bắt đầu'), pictures: new Map() };
    expect(directed(nobody)).toMatchObject({
      kind: 'canvas',
      wish: { painting: { message: 'Sắp bắt đầu', tiles: [{ name: 'Giao ban' }] } },
    });
    expect(directed({ ...factsWith(''), pictures: new Map() })).toEqual({ kind: 'slate' });
  });
});
