import { describe, expect, test } from 'vitest';
import type { Planes } from '../../../../src/stage/compose/ffmpeg.ts';
import { fill, frameIn, stamp } from '../../../../src/stage/compose/paint.ts';

const [WIDTH, HEIGHT] = [12, 8];
/** Rows are longer than the picture is wide, as FFmpeg makes them. */
const [STRIDE, HALF_STRIDE] = [16, 9];
const COLOUR = { y: 1, u: 2, v: 3 };

function blank(): Planes {
  return [
    { data: Buffer.alloc(STRIDE * HEIGHT), stride: STRIDE },
    { data: Buffer.alloc(HALF_STRIDE * (HEIGHT / 2)), stride: HALF_STRIDE },
    { data: Buffer.alloc(HALF_STRIDE * (HEIGHT / 2)), stride: HALF_STRIDE },
  ];
}

/** Rows of a plane as text, `.` where nothing was drawn. */
function rows({ data, stride }: Planes[number]): string[] {
  const text = [...data].map(value => (value === 0 ? '.' : String(value))).join('');
  return Array.from({ length: data.length / stride }, (_, row) =>
    text.slice(row * stride, (row + 1) * stride),
  );
}

const NOTHING = '.'.repeat(STRIDE);
const HALF_NOTHING = '.'.repeat(HALF_STRIDE);

test('a rectangle is filled in all planes, and nothing beside it', () => {
  const planes = blank();
  fill(planes, { x: 2, y: 4, width: 6, height: 2 }, COLOUR);
  const full = '..111111........';
  expect(rows(planes[0])).toEqual([...Array(4).fill(NOTHING), full, full, NOTHING, NOTHING]);
  const half = '.222.....';
  expect(rows(planes[1])).toEqual([HALF_NOTHING, HALF_NOTHING, half, HALF_NOTHING]);
  expect(rows(planes[2])[2]).toBe(half.replaceAll('2', '3'));
});

test('all of the picture is filled without what lies behind its rows', () => {
  const planes = blank();
  fill(planes, { x: 0, y: 0, width: WIDTH, height: HEIGHT }, COLOUR);
  expect(rows(planes[0])).toEqual(Array(HEIGHT).fill('111111111111....'));
  expect(rows(planes[2])).toEqual(Array(HEIGHT / 2).fill('333333...'));
});

test('a frame lies inside its rectangle, whose middle stays', () => {
  const planes = blank();
  frameIn(planes, { x: 2, y: 0, width: 8, height: 8 }, 2, COLOUR);
  const [edge, side] = ['..11111111......', '..11....11......'];
  expect(rows(planes[0])).toEqual([edge, edge, side, side, side, side, edge, edge]);
  expect(rows(planes[1])).toEqual(['.2222....', '.2..2....', '.2..2....', '.2222....']);
});

describe('a stencil', () => {
  test('writes its brightness and one colour', () => {
    const planes = blank();
    const luma = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
    stamp(planes, { x: 4, y: 2 }, { width: 4, height: 2, luma }, { u: 8, v: 9 });
    expect(rows(planes[0]).slice(2, 4)).toEqual(['....1234........', '....5678........']);
    expect(rows(planes[1])).toEqual([HALF_NOTHING, '..88.....', HALF_NOTHING, HALF_NOTHING]);
    expect(rows(planes[2])[1]).toBe('..99.....');
  });
});
