import { describe, expect, test } from 'vitest';
import type { TileSubject, View } from '../../../../src/stage/layout/types.ts';
import { paintingOf } from '../../../../src/stage/scene/paintings.ts';

const HD = { width: 1280, height: 720 };
const WORDS = { title: 'Giao ban tuần', lines: ['Đang chờ'] };
const QUIET = {
  speaking: false,
  muted: false,
  handRaised: false,
  poorLine: false,
  noPicture: false,
};

function subject(participantId: string, marks: Partial<TileSubject['marks']> = {}): TileSubject {
  return { participantId, name: `Hall ${participantId}`, marks: { ...QUIET, ...marks } };
}

const tiles = (layout: 'grid' | 'speaker', ...subjects: readonly TileSubject[]): View => ({
  kind: 'tiles',
  layout,
  slotCount: subjects.length,
  tiles: subjects.map((each, slot) => ({ slot, ...each })),
});

describe('a painting', () => {
  test('of the slate is one tile with its words', () => {
    const [tile, ...others] = paintingOf({ kind: 'slate' }, HD, WORDS).tiles;
    expect(others).toEqual([]);
    expect(tile).toMatchObject({
      name: WORDS.title,
      lines: WORDS.lines,
      rect: { x: 0, y: 0, ...HD },
    });
    expect(tile?.sourceId).toBeUndefined();
  });

  test('of one picture is all of the canvas, with its name, and no frame', () => {
    const {
      tiles: [tile],
    } = paintingOf({ kind: 'full', ...subject('a', { speaking: true }) }, HD, WORDS);
    expect(tile).toMatchObject({ sourceId: 'a', name: 'Hall a', labelled: true });
    expect(tile?.rect).toEqual({ x: 0, y: 0, ...HD });
    expect(tile?.marks.speaking).toBe(false);
  });

  test('of a grid frames the speaker; beside a large picture only a small one is framed', () => {
    const [a, b] = [subject('a', { speaking: true }), subject('b', { speaking: true })];
    const framed = (view: View) =>
      paintingOf(view, HD, WORDS).tiles.map(({ marks }) => marks.speaking);
    expect(framed(tiles('grid', a, b))).toEqual([true, true]);
    expect(framed(tiles('speaker', a, b))).toEqual([false, true]);
  });

  test('leaves empty places empty', () => {
    const view: View = {
      kind: 'tiles',
      layout: 'grid',
      slotCount: 4,
      tiles: [{ slot: 3, ...subject('d') }],
    };
    const { tiles: painted } = paintingOf(view, HD, WORDS);
    expect(painted).toHaveLength(1);
    expect(painted[0]?.rect.x).toBeGreaterThan(600);
    expect(painted[0]?.rect.y).toBeGreaterThan(350);
  });

  test('of somebody without a picture has no camera, and says so where there is room', () => {
    const dark = subject('b', { noPicture: true });
    const large = paintingOf(tiles('grid', subject('a'), dark), HD, WORDS).tiles[1];
    expect(large?.sourceId).toBeUndefined();
    expect(large?.lines?.length).toBeGreaterThan(0);
    const many = Array.from({ length: 24 }, (_, index) => subject(`s${index}`));
    const small = paintingOf(tiles('grid', ...many, dark), { width: 352, height: 288 }, WORDS);
    expect(small.tiles.at(-1)?.lines).toEqual([]);
    expect(small.tiles.at(-1)?.name).toBe('Hall b');
  });

  test('hands on the marks, and leaves names away when told so', () => {
    const view = tiles('grid', subject('a', { muted: true, poorLine: true }), subject('b'));
    const [tile] = paintingOf(view, HD, WORDS, false).tiles;
    expect(tile).toMatchObject({ labelled: false, marks: { muted: true, poorLine: true } });
  });
});
