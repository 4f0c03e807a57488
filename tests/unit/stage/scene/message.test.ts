import { describe, expect, test } from 'vitest';
import type { SceneFacts } from '../../../../src/stage/layout/types.ts';
import { Director } from '../../../../src/stage/scene/director.ts';
import type { FloorStanding } from '../../../../src/stage/scene/floor-line.ts';
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
    meanBitrateBps: 500_000,
    fps: 25,
    isLive: () => true,
    stream: { macroblocks: 920, lossRatio: 0 },
  },
});
const HALLS = [hall('a'), hall('b')];

function factsWith(message: string, floor?: FloorStanding): SceneFacts {
  const known = {
    title: 'Giao ban',
    speakerIds: [],
    people: [],
    layout: { layout: 'full' as const },
  };
  return factsOf(HALLS as never, { ...known, message, floor }, 0);
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
  const direction = director.direct(HALLS[1] as never, craft as never);
  if (direction.kind !== 'canvas') return direction;
  const { wish } = direction;
  return { ...direction, wish: { ...wish, painting: wish.paintingIn(wish.group) } };
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

describe('the line of the floor', () => {
  const floor = { name: 'Xã Đắk Ơ', endsAtMs: 61_000, queue: ['Xã An Hòa'] };
  const line = {
    text: 'Đang phát biểu: Xã Đắk Ơ — Chờ phát biểu: Xã An Hòa',
    time: { label: 'còn', clock: '01:01', isOver: false },
  };

  test('has a picture composed that was passed on, and stands on a slate', () => {
    expect(directed(factsWith('', floor))).toMatchObject({
      kind: 'canvas',
      wish: { painting: { floorLine: line, tiles: [{ sourceId: 'a' }] } },
    });
    expect(directed({ ...factsWith('', floor), pictures: new Map() })).toMatchObject({
      kind: 'canvas',
      wish: { painting: { floorLine: line, tiles: [{ name: 'Giao ban' }] } },
    });
  });

  test('opens no other canvas from second to second, nor beside a message', () => {
    const key = (facts: SceneFacts) => {
      const direction = directed(facts);
      return direction.kind === 'canvas' ? direction.wish.key : direction.kind;
    };
    const later = { ...floor, endsAtMs: 60_000 };
    expect(key(factsWith('', later))).toBe(key(factsWith('', floor)));
    const both = directed(factsWith('Nghỉ giải lao', floor));
    expect(both).toMatchObject({
      wish: { painting: { message: 'Nghỉ giải lao', floorLine: line } },
    });
  });
});
