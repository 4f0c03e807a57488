import { beforeEach, describe, expect, test } from 'vitest';
import { type GroupLimits, groupFor } from '../../../../src/stage/layout/groups.ts';
import { Canvases, type CanvasWish } from '../../../../src/stage/scene/canvases.ts';
import type { CanvasPacketSet } from '../../../../src/stage/scene/shared-canvas.ts';
import { aComposer } from './fake-composer.ts';

const LIMITS: GroupLimits = {
  codec: 'h264',
  packetizationMode: 1,
  maxFs: 3_600,
  maxMbps: 108_000,
  maxBitrateBps: 2_000_000,
};
const ALLOWED = { maxHeight: 720, maxFps: 25 } as const;
const HD = groupFor(LIMITS, ALLOWED);
const SMALL = groupFor({ ...LIMITS, maxFs: 396 }, ALLOWED);

function canvasesOf({ composer }: ReturnType<typeof aComposer>, clock = { nowMs: 0 }) {
  let asked = 0;
  const open = () => {
    asked += 1;
    return composer as never;
  };
  const canvases = new Canvases(open, () => clock.nowMs);
  return { canvases, clock, timesAsked: () => asked };
}

function wish(receiverId: string, key: string, group = HD): CanvasWish {
  const rect = { x: 0, y: 0, width: group.width, height: group.height };
  const marks = { speaking: false, muted: false, handRaised: false, poorLine: false };
  return {
    receiverId,
    key,
    group,
    paintingIn: () => ({ tiles: [{ rect, sourceId: key, name: key, labelled: true, marks }] }),
  };
}

describe('canvases', () => {
  test('are shared by who sees the same in the same group', () => {
    const fake = aComposer();
    const { canvases } = canvasesOf(fake);
    const placed = canvases.settle([
      wish('a', 'x'),
      wish('b', 'x'),
      wish('c', 'y'),
      wish('d', 'x', SMALL),
    ]);
    expect(fake.opened).toHaveLength(3);
    expect(placed.get('a')).toBe(placed.get('b'));
    expect(new Set(placed.values()).size).toBe(3);
    expect(placed.get('a')?.receiverIds).toEqual(new Set(['a', 'b']));
    expect(placed.get('d')?.composed.spec).toMatchObject({ width: SMALL.width });
  });

  test('need no composer as long as nobody needs them', () => {
    const fake = aComposer();
    const { canvases, timesAsked } = canvasesOf(fake);
    canvases.settle([]);
    expect(timesAsked()).toBe(0);
  });

  test('are painted anew, not opened, when what is seen changes', () => {
    const fake = aComposer();
    const { canvases } = canvasesOf(fake);
    const before = canvases.settle([wish('a', 'x'), wish('b', 'x'), wish('c', 'y')]);
    const after = canvases.settle([wish('a', 'z'), wish('b', 'z'), wish('c', 'z')]);
    expect(fake.opened).toHaveLength(2);
    expect(fake.open()).toHaveLength(1);
    expect(after.get('a')).toBe(before.get('a')); // most of them stay where they are
    expect(after.get('c')).toBe(before.get('a'));
    expect(after.get('c')?.shownIds).toEqual(['z']);
  });

  test('are left alone when nothing changes', () => {
    const fake = aComposer();
    const { canvases } = canvasesOf(fake);
    for (let time = 0; time < 5; time += 1) canvases.settle([wish('a', 'x')]);
    expect(fake.opened).toHaveLength(1);
    expect(fake.opened[0]?.paintings).toHaveLength(1);
  });

  test('change hands between two who change places', () => {
    const fake = aComposer();
    const { canvases } = canvasesOf(fake);
    const before = canvases.settle([wish('a', 'x'), wish('b', 'x'), wish('c', 'y')]);
    const after = canvases.settle([wish('a', 'y'), wish('b', 'x'), wish('c', 'x')]);
    expect(fake.opened).toHaveLength(2);
    expect(after.get('b')).toBe(before.get('b'));
    expect(after.get('a')).toBe(before.get('c'));
    expect(after.get('a')?.shownIds).toEqual(['y']);
  });

  test('are closed with the last receiver, and all in the end', () => {
    const fake = aComposer();
    const { canvases } = canvasesOf(fake);
    canvases.settle([wish('a', 'x'), wish('b', 'x', SMALL)]);
    canvases.settle([wish('a', 'x')]);
    expect(fake.open().map(({ spec }) => spec.width)).toEqual([HD.width]);
    canvases.close();
    expect(fake.open()).toEqual([]);
    expect(canvases.all).toEqual([]);
  });
});

describe('when there is no room for another', () => {
  const NO_ROOM = false;
  let fake: ReturnType<typeof aComposer>;
  let canvases: Canvases;
  beforeEach(() => {
    fake = aComposer();
    ({ canvases } = canvasesOf(fake));
  });

  test('those that are there are used', () => {
    canvases.settle([wish('a', 'x')]);
    const placed = canvases.settle([wish('a', 'y'), wish('b', 'x', SMALL)], NO_ROOM);
    expect(fake.opened).toHaveLength(1);
    expect(placed.get('a')?.shownIds).toEqual(['y']);
    expect(placed.has('b'), 'who cannot take it has none').toBe(false);
  });

  test('who needs less than it has keeps what it has', () => {
    const before = canvases.settle([wish('a', 'x'), wish('b', 'x')]);
    const after = canvases.settle([wish('a', 'x'), wish('b', 'x', SMALL)], NO_ROOM);
    expect(after).toEqual(before);
    const alone = canvases.settle([wish('a', 'y', SMALL), wish('b', 'y', SMALL)], NO_ROOM);
    expect(alone).toEqual(before);
    expect(alone.get('a')?.shownIds).toEqual(['y']);
    expect(fake.open()).toHaveLength(1);
  });

  test('who speaks sees what the others see, rather than nothing', () => {
    const before = canvases.settle([wish('a', 'x'), wish('b', 'x'), wish('c', 'x')]);
    const after = canvases.settle([wish('a', 'y'), wish('b', 'x'), wish('c', 'x')], NO_ROOM);
    expect(after).toEqual(before);
    const room = canvases.settle([wish('a', 'y'), wish('b', 'x'), wish('c', 'x')]);
    expect(room.get('a')?.shownIds).toEqual(['y']);
    expect(room.get('b')).toBe(before.get('b'));
  });

  test('who is new sees the best that it can take', () => {
    canvases.settle([wish('a', 'x'), wish('b', 'x', SMALL)]);
    const singleNal = groupFor({ ...LIMITS, packetizationMode: 0 }, ALLOWED);
    const comes = [wish('c', 'z', SMALL), wish('d', 'z', { ...HD, fps: 30 })];
    const wishes = [wish('a', 'x'), wish('b', 'x', SMALL), ...comes, wish('e', 'x', singleNal)];
    const placed = canvases.settle(wishes, NO_ROOM);
    expect(placed.get('c')?.group).toBe(SMALL);
    expect(placed.get('d')?.group).toBe(HD);
    expect(placed.has('e'), 'NAL units are too large for it').toBe(false);
  });

  test('the feed of a camera keeps its own, and never shows another', () => {
    const slow = { ...HD, fps: 1 };
    const feed = (group: typeof HD) => ({ ...wish('feed', 'f', group), isOwn: true });
    const before = canvases.settle([wish('a', 'x'), feed(slow)]);
    const after = canvases.settle([wish('a', 'x'), feed(HD)], NO_ROOM);
    expect(after).toEqual(before);
    const newcomer = { ...wish('other', 'o'), isOwn: true };
    expect(canvases.settle([wish('a', 'x'), newcomer], NO_ROOM).has('other')).toBe(false);
  });
});

describe('a key frame', () => {
  test('is asked of the encoder once for many, and again after a while', () => {
    const fake = aComposer();
    const { canvases, clock } = canvasesOf(fake);
    const canvas = canvases.settle([wish('a', 'x')]).get('a');
    for (let time = 0; time < 20; time += 1) canvas?.requestKeyframe();
    expect(fake.opened[0]?.keyframes).toBe(1);
    clock.nowMs = 250;
    canvases.tick(clock.nowMs);
    expect(fake.opened[0]?.keyframes).toBe(1);
    clock.nowMs = 400;
    canvases.tick(clock.nowMs);
    expect(fake.opened[0]?.keyframes).toBe(2); // of those that came after the first
    clock.nowMs = 900;
    canvases.tick(clock.nowMs);
    expect(fake.opened[0]?.keyframes).toBe(2);
  });
});

describe('what a canvas gives', () => {
  test('is cut once, numbered without holes, and handed to all', () => {
    const fake = aComposer();
    const { canvases } = canvasesOf(fake);
    const canvas = canvases.settle([wish('a', 'x')]).get('a');
    const got: CanvasPacketSet[] = [];
    const undo = canvas?.listen(packets => got.push(packets));
    canvas?.listen(packets => got.push(packets));
    const large = new Uint8Array(3_000).fill(7);
    large.set([0, 0, 0, 1, 0x65]);
    fake.opened[0]?.give({ data: large, timestamp: 3_600 });
    undo?.();
    fake.opened[0]?.give({ timestamp: 7_200, isKeyframe: false });
    const [first, same, next] = got;
    expect(got).toHaveLength(3);
    expect(same).toBe(first);
    expect(first?.payloads.length).toBe(3);
    expect(Math.max(...(first?.payloads ?? []).map(payload => payload.length))).toBeLessThan(1_201);
    expect(next).toMatchObject({ timestamp: 7_200, isKeyframe: false });
    expect(next?.seq).toBe(((first?.seq ?? 0) + 3) & 0xffff);
  });

  test('is in slices for receivers of single NAL units', () => {
    const fake = aComposer();
    const { canvases } = canvasesOf(fake);
    canvases.settle([wish('a', 'x', groupFor({ ...LIMITS, packetizationMode: 0 }, ALLOWED))]);
    expect(fake.opened[0]?.spec.maxSliceBytes).toBeLessThanOrEqual(1_200);
  });
});
