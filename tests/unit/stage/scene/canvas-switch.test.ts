import { describe, expect, test } from 'vitest';
import { type TileMarks, UNMARKED } from '../../../../src/stage/compose/protocol.ts';
import type { Slate } from '../../../../src/stage/encode/slate.ts';
import { type GroupLimits, groupFor } from '../../../../src/stage/layout/groups.ts';
import { OutboundStream } from '../../../../src/stage/rtp/outbound-stream.ts';
import { parseRtp, type RtpPacket } from '../../../../src/stage/rtp/packet.ts';
import { Canvases, type CanvasWish } from '../../../../src/stage/scene/canvases.ts';
import { Picture } from '../../../../src/stage/scene/picture.ts';
import type { SharedCanvas } from '../../../../src/stage/scene/shared-canvas.ts';
import { PPS, SPS } from '../builders.ts';
import { randomFrom } from '../layout/support.ts';
import { type Asked, aComposer } from './fake-composer.ts';

const LIMITS: GroupLimits = {
  codec: 'h264',
  packetizationMode: 1,
  maxFs: 3_600,
  maxMbps: 108_000,
  maxBitrateBps: 2_000_000,
};
const GROUP = groupFor(LIMITS, { maxHeight: 720, maxFps: 25 });

const SLATE: Slate = {
  fps: 5,
  pictures: [[SPS, PPS, Buffer.from([0x65, ...Buffer.from('slate')])]],
};

function wish(receiverId: string, largeId: string, mark: Partial<TileMarks> = {}): CanvasWish {
  const rect = { x: 0, y: 0, width: GROUP.width, height: GROUP.height };
  const marks = { ...UNMARKED, ...mark };
  const tiles = [{ rect, sourceId: largeId, name: largeId, labelled: true, marks }];
  return { receiverId, key: largeId, group: GROUP, paintingIn: () => ({ tiles }) };
}

/** Halls that are each shown the large picture they are to see. */
function aStage(ids: readonly string[]) {
  const fake = aComposer();
  let atMs = 0;
  const canvases = new Canvases(
    () => fake.composer as never,
    () => atMs,
  );
  const halls = new Map(
    ids.map(id => {
      const sent: RtpPacket[] = [];
      const out = new OutboundStream(97, {
        ssrc: 1,
        singleNalOnly: false,
        send: data => sent.push(parseRtp(data) ?? expect.fail('not RTP')),
      });
      return [id, { picture: new Picture(out, () => undefined), sent }] as const;
    }),
  );
  const show = (large: Record<string, string>, mark?: Partial<TileMarks>) => {
    const wishes = Object.entries(large).map(([id, other]) => wish(id, other, mark));
    const isWatched = (canvas: SharedCanvas) =>
      [...halls.values()].some(({ picture }) => picture.isWatching(canvas));
    const placed = canvases.settle(wishes, true, isWatched);
    for (const [id, canvas] of placed) halls.get(id)?.picture.showCanvas(canvas, SLATE, atMs);
  };
  const pass = (ms: number) => {
    atMs += ms;
  };
  /** Every canvas composes a picture that says whom it shows; it comes when the result is called. */
  const compose = (isKeyframe: boolean) => {
    const composed = fake.open().map(canvas => {
      const revision = canvas.paintings.length - 1;
      return { canvas, picture: { data: coded(canvas, isKeyframe), isKeyframe, revision } };
    });
    return () => {
      for (const { canvas, picture } of composed) if (!canvas.isClosed) canvas.give(picture);
    };
  };
  const give = (isKeyframe: boolean) => compose(isKeyframe)();
  const seenBy = (id: string) =>
    (halls.get(id)?.sent.splice(0) ?? []).map(({ payload }) => payload.toString('latin1', 1));
  const opened = fake.opened;
  return { show, compose, give, seenBy, pass, opened };
}

function coded({ paintings }: Asked, isKeyframe: boolean): Uint8Array<ArrayBuffer> {
  const shown = paintings.at(-1)?.tiles[0]?.sourceId ?? '';
  const header = isKeyframe ? 0x65 : 0x41;
  return new Uint8Array([0, 0, 0, 1, header, ...Buffer.from(shown)]);
}

describe('when the speaker changes', () => {
  test('nobody sees itself large while its canvas is painted for others', () => {
    const { show, give, seenBy } = aStage(['a', 'b', 'c', 'd']);
    show({ a: 'b', b: 'a', c: 'a', d: 'a' });
    give(true);
    for (const id of ['a', 'b', 'c', 'd']) seenBy(id);
    show({ a: 'b', b: 'a', c: 'b', d: 'b' }); // b speaks
    give(false);
    expect(['a', 'b', 'c'].map(seenBy)).toEqual([[], [], ['b']]); // theirs stand for a moment
    give(true);
    expect(['a', 'b', 'c'].map(seenBy)).toEqual([['b'], ['a'], ['b']]);
  });

  test('who stays at its canvas sees the new one at once', () => {
    const { show, give, seenBy } = aStage(['a', 'b', 'c']);
    show({ a: 'b', b: 'a', c: 'a' });
    give(true);
    seenBy('c');
    show({ a: 'c', b: 'c', c: 'b' });
    give(false);
    const seen = seenBy('c');
    expect(seen).not.toContain('c');
  });

  test('who is to come back before it has left sees the canvas again', () => {
    const { show, give, seenBy } = aStage(['a', 'b', 'c', 'd']);
    show({ a: 'x', b: 'x', c: 'x', d: 'x' });
    give(true);
    for (const id of ['a', 'b', 'c', 'd']) seenBy(id);
    show({ a: 'b', b: 'a', c: 'a', d: 'a' }); // a is large for others
    show({ a: 'd', b: 'd', c: 'd', d: 'a' }); // and d, before any picture came
    give(true);
    expect(['a', 'b', 'c', 'd'].map(seenBy)).toEqual([['d'], ['d'], ['d'], ['a']]);
    give(false);
    expect(['a', 'b', 'c', 'd'].map(seenBy)).toEqual([['d'], ['d'], ['d'], ['a']]);
  });

  test('a key frame that was under way when the canvas was painted anew begins nothing', () => {
    const { show, compose, give, seenBy } = aStage(['a', 'b', 'c']);
    show({ b: 'a', c: 'a' });
    const late = compose(true);
    show({ a: 'c', b: 'c', c: 'b' }); // a comes to the canvas where it was large
    late();
    expect(['a', 'b'].map(seenBy)).toEqual([[], []]);
    give(true);
    expect(['a', 'b', 'c'].map(seenBy)).toEqual([['c'], ['c'], ['b']]);
  });

  test('another key frame is asked for when what is under way is not wanted any more', () => {
    const { show, compose, seenBy, opened, pass } = aStage(['a', 'b']);
    show({ a: 'x', b: 'x' });
    const late = compose(true);
    pass(1_000);
    const asked = opened[0]?.keyframes ?? 0;
    show({ a: 'y', b: 'y' });
    late();
    expect(seenBy('a')).toEqual([]);
    expect(opened[0]?.keyframes).toBeGreaterThan(asked);
  });

  test('a key frame that was under way when a mark changed is as good as any', () => {
    const { show, compose, seenBy } = aStage(['a', 'b']);
    show({ a: 'x', b: 'x' });
    const late = compose(true);
    show({ a: 'x', b: 'x' }, { speaking: true });
    late();
    expect(['a', 'b'].map(seenBy)).toEqual([['x'], ['x']]);
  });

  test('who moves because of its line goes on to see the old canvas meanwhile', () => {
    const { show, give, seenBy } = aStage(['a', 'b', 'c']);
    show({ a: 'x', b: 'x', c: 'x' });
    give(true);
    seenBy('a');
    show({ a: 'y', b: 'x', c: 'x' });
    give(false);
    expect(seenBy('a')).toEqual(['x']);
    give(true);
    expect(seenBy('a').at(-1)).toBe('y');
  });
});

describe('a canvas', () => {
  test('goes on for who sees it until another has begun', () => {
    const { show, give, seenBy, opened } = aStage(['a', 'b', 'c']);
    const open = () => opened.filter(({ isClosed }) => !isClosed);
    show({ a: 'x', b: 'y', c: 'y' });
    give(true);
    for (const id of ['a', 'b']) seenBy(id);
    show({ a: 'y', b: 'y', c: 'y' });
    give(false);
    expect(['a', 'b'].map(seenBy)).toEqual([['x'], ['y']]);
    give(true);
    expect(seenBy('a').at(-1)).toBe('y');
    show({ a: 'y', b: 'y', c: 'y' });
    expect(open()).toHaveLength(1);
  });

  test('that gives nothing is a slate in a while, until it gives something again', () => {
    const { show, give, seenBy, opened, pass } = aStage(['a']);
    show({ a: 'x' });
    give(true);
    seenBy('a');
    const [canvas] = opened;
    if (!canvas) return expect.fail('no canvas');
    canvas.isFailing = true;
    for (let look = 0; look < 20; look += 1) {
      show({ a: 'x' });
      pass(100);
    }
    expect(seenBy('a').at(-1)).toBe('slate');
    canvas.isFailing = false;
    show({ a: 'x' });
    give(true);
    expect(seenBy('a')).toEqual(['x']);
  });
});

test('a canvas that failed for a moment goes on once, not twice', () => {
  const { show, give, seenBy, opened } = aStage(['a']);
  show({ a: 'x' });
  give(true);
  seenBy('a');
  const [canvas] = opened;
  if (!canvas) return expect.fail('no canvas');
  canvas.isFailing = true;
  show({ a: 'x' });
  canvas.isFailing = false;
  canvas.give({ data: coded(canvas, true), isKeyframe: true, epoch: 1 });
  expect(seenBy('a')).toEqual(['x']);
});

test('whatever happens, nobody sees itself large, and all see in the end what they are to see', () => {
  const random = randomFrom(7);
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const { show, compose, give, seenBy } = aStage(ids);
  let late: () => void = () => undefined;
  for (let step = 0; step < 500; step += 1) {
    const [large, other] = [pick(ids), pick(ids)];
    const views = ids.map(id => {
      const others = ids.filter(each => each !== id);
      return [id, [large, other].find(each => each !== id) ?? pick(others)] as const;
    });
    show(Object.fromEntries(views));
    late(); // what was under way before
    late = compose(random() < 0.5);
    if (random() < 0.5) {
      late();
      late = () => undefined;
    }
    for (const id of ids) expect(seenBy(id)).not.toContain(id);
    if (random() < 0.7) continue;
    late();
    late = () => undefined;
    give(true);
    expect(ids.map(id => seenBy(id).at(-1))).toEqual(views.map(([, shown]) => shown));
  }
});
