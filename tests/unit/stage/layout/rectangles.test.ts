import { describe, expect, test } from 'vitest';
import { rectanglesFor, usualPixelAspect } from '../../../../src/stage/layout/rectangles.ts';
import type { Canvas, Rect, TileLayout } from '../../../../src/stage/layout/types.ts';

const CIF_PIXEL = { num: 12, den: 11 };
const CANVASES: readonly Canvas[] = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 768, height: 448 },
  { width: 512, height: 288 },
  { width: 352, height: 288, pixelAspect: CIF_PIXEL },
  { width: 320, height: 180 },
  { width: 176, height: 144, pixelAspect: CIF_PIXEL },
];
const HD: Canvas = { width: 1280, height: 720 };
const COUNTS: Record<TileLayout, readonly number[]> = {
  grid: [2, 3, 4, 9, 16, 25],
  speaker: [2, 3, 4, 5, 6, 7, 8, 9, 12],
  content: [2, 3, 4, 5, 6],
  'hq-speaker': [2, 3, 5, 6, 7, 10, 12],
};
const CASES = Object.entries(COUNTS).flatMap(([layout, counts]) =>
  CANVASES.flatMap(canvas => counts.map(count => [layout as TileLayout, count, canvas] as const)),
);

describe('rectangles', () => {
  test.each(CASES)(
    'of %s with %i tiles are even, inside and apart: %o',
    (layout, count, canvas) => {
      const rects = rectanglesFor(layout, count, canvas);
      expect(rects).toHaveLength(count);
      for (const rect of rects) {
        expect([rect.x, rect.y, rect.width, rect.height].filter(isOdd)).toEqual([]);
        expect(isInside(rect, canvas), text(rect)).toBe(true);
      }
      for (const [index, rect] of rects.entries()) {
        const touching = rects.slice(index + 1).filter(other => !areApart(rect, other));
        expect(touching.map(text)).toEqual([]);
      }
    },
  );

  test.each(CASES)('of %s with %i tiles look 16:9, but for slides: %o', (layout, count, canvas) => {
    const rects = rectanglesFor(layout, count, canvas).slice(layout === 'content' ? 1 : 0);
    const { num, den } = canvas.pixelAspect ?? { num: 1, den: 1 };
    for (const { width, height } of rects) {
      const rightHeight = (width * num * 9) / (den * 16);
      expect(Math.abs(height - rightHeight)).toBeLessThanOrEqual(3);
    }
  });

  test.each(['grid', 'speaker', 'content', 'hq-speaker'] as const)(
    'of %s with one tile are the canvas',
    layout => {
      const canvas = { x: 0, y: 0, width: 352, height: 288 };
      expect(rectanglesFor(layout, 1, { width: 352, height: 288 })).toEqual([canvas]);
      expect(rectanglesFor(layout, 0, { width: 352, height: 288 })).toEqual([]);
    },
  );

  test('of an uneven canvas are even all the same', () => {
    expect(rectanglesFor('grid', 1, { width: 853, height: 481 })).toEqual([
      { x: 0, y: 0, width: 852, height: 480 },
    ]);
  });
});

describe('on 1280×720', () => {
  test('four are two by two', () => {
    expect(rectanglesFor('grid', 4, HD).map(text)).toEqual([
      '636x358 at 2,0',
      '636x358 at 642,0',
      '636x358 at 2,362',
      '636x358 at 642,362',
    ]);
  });

  test('the speaker has most of the height, the others lie below, in the middle', () => {
    const [large, ...small] = rectanglesFor('speaker', 4, HD);
    expect(large?.height).toBeGreaterThan(600);
    expect(small.map(rect => rect.y)).toEqual(small.map(() => small[0]?.y));
    const [first, last] = [small.at(0), small.at(-1)];
    const margins = [first?.x ?? 0, HD.width - (last?.x ?? 0) - (last?.width ?? 0)];
    expect(Math.abs((margins[0] ?? 0) - (margins[1] ?? 0))).toBeLessThanOrEqual(2);
  });

  test('who joins the strip makes no tile smaller', () => {
    const sizes = [2, 5, 8].map(count => {
      const [large, small] = rectanglesFor('speaker', count, HD);
      return [large, { width: small?.width, height: small?.height, y: small?.y }];
    });
    expect(sizes[1]).toEqual(sizes[0]);
    expect(sizes[2]).toEqual(sizes[0]);
  });

  test('slides have three quarters of the width, the speaker the upper corner', () => {
    const [slides, speaker] = rectanglesFor('content', 2, HD);
    expect(slides).toEqual({ x: 0, y: 0, width: 956, height: 720 });
    expect(speaker).toEqual({ x: 960, y: 0, width: 320, height: 180 });
  });

  test('HQ and the speaker are equally large, eight others lie below in two rows', () => {
    const [hq, speaker, ...others] = rectanglesFor('hq-speaker', 10, HD);
    expect([hq?.width, hq?.height]).toEqual([speaker?.width, speaker?.height]);
    expect(hq?.width).toBeGreaterThan(600);
    expect(hq?.y).toBe(speaker?.y);
    expect(new Set(others.map(rect => rect.y)).size).toBe(2);
  });
});

test.each([
  [352, 288, CIF_PIXEL],
  [176, 144, CIF_PIXEL],
  [704, 576, CIF_PIXEL],
  [1280, 720, { num: 1, den: 1 }],
  [640, 480, { num: 1, den: 1 }],
])('pixels of %i×%i are taken for %o', (width, height, aspect) => {
  expect(usualPixelAspect({ width, height })).toEqual(aspect);
});

function isOdd(length: number): boolean {
  return length % 2 !== 0;
}

function isInside({ x, y, width, height }: Rect, canvas: Canvas): boolean {
  const isSomething = width > 0 && height > 0;
  return (
    isSomething && x >= 0 && y >= 0 && x + width <= canvas.width && y + height <= canvas.height
  );
}

/** With a gap of two pixels at least. */
function areApart(a: Rect, b: Rect): boolean {
  return (
    a.x + a.width + 2 <= b.x ||
    b.x + b.width + 2 <= a.x ||
    a.y + a.height + 2 <= b.y ||
    b.y + b.height + 2 <= a.y
  );
}

function text({ x, y, width, height }: Rect): string {
  return `${width}x${height} at ${x},${y}`;
}
