import { describe, expect, test } from 'vitest';
import { fitted, pixelAspectOf } from '../../../../src/stage/compose/fit.ts';

const TILE = { x: 100, y: 50, width: 640, height: 360 };

describe('a picture in a tile', () => {
  test.each([
    ['of the same shape fills it', 1280, 720, 1, { x: 100, y: 50, width: 640, height: 360 }],
    ['that is small is enlarged', 160, 90, 1, { x: 100, y: 50, width: 640, height: 360 }],
    ['that is 4:3 has bars at its sides', 640, 480, 1, { x: 180, y: 50, width: 480, height: 360 }],
    ['in CIF is 4:3 too', 352, 288, 12 / 11, { x: 180, y: 50, width: 480, height: 360 }],
    ['that is upright stands', 360, 640, 1, { x: 316, y: 50, width: 208, height: 360 }],
    ['that is wide has bars above', 1280, 360, 1, { x: 100, y: 140, width: 640, height: 180 }],
  ])('%s', (_, width, height, pixelAspect, expected) => {
    expect(fitted({ width, height, pixelAspect }, TILE, 1)).toEqual(expected);
  });

  test('is drawn for the pixels of the canvas: 16:9 in CIF has bars above', () => {
    const cif = { x: 0, y: 0, width: 352, height: 288 };
    const { x, width, height } = fitted({ width: 1280, height: 720, pixelAspect: 1 }, cif, 12 / 11);
    expect([x, width]).toEqual([0, 352]);
    expect((width * (12 / 11)) / height).toBeCloseTo(16 / 9, 1);
  });

  test('never leaves it, is even, and as wide as the scaler writes', () => {
    for (let width = 16; width <= 700; width += 38)
      for (const [pictureWidth, pictureHeight] of [
        [1920, 1080],
        [176, 144],
        [90, 1600],
        [1600, 90],
        [2, 2],
      ] as const) {
        const into = { x: 6, y: 4, width, height: 2 * Math.ceil(width / 4) };
        const picture = { width: pictureWidth, height: pictureHeight, pixelAspect: 1 };
        const rect = fitted(picture, into, 1);
        expect(rect.width % 16).toBe(0);
        expect([rect.x % 2, rect.y % 2, rect.height % 2]).toEqual([0, 0, 0]);
        expect(rect.x).toBeGreaterThanOrEqual(into.x);
        expect(rect.y).toBeGreaterThanOrEqual(into.y);
        expect(rect.x + rect.width).toBeLessThanOrEqual(into.x + into.width);
        expect(rect.y + rect.height).toBeLessThanOrEqual(into.y + into.height);
      }
  });
});

describe('the shape of a pixel', () => {
  test.each([
    ['is what the stream says', 352, 288, { num: 1, den: 1 }, 1],
    ['is that of CIF where it says nothing', 352, 288, { num: 0, den: 1 }, 12 / 11],
    ['is that of QCIF as well', 176, 144, { num: 0, den: 0 }, 12 / 11],
    ['is square otherwise', 640, 360, { num: 0, den: 1 }, 1],
  ])('%s', (_, width, height, sampleAspectRatio, expected) => {
    expect(pixelAspectOf({ width, height, sampleAspectRatio })).toBeCloseTo(expected, 5);
  });
});
