import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Coefficients, ComplexityMeter } from '../../../../src/stage/compose/complexity.ts';
import { newFrame, type Planes, planesOf } from '../../../../src/stage/compose/ffmpeg.ts';

const [WIDTH, HEIGHT] = [352, 288];

let meter: ComplexityMeter;
let frame: ReturnType<typeof newFrame>;
let planes: Planes;
beforeEach(() => {
  meter = new ComplexityMeter(WIDTH, HEIGHT);
  frame = newFrame(WIDTH, HEIGHT);
  planes = planesOf(frame) ?? expect.fail('no planes');
  paint(() => 128);
});
afterEach(() => frame.free());

function paint(
  at: (x: number, y: number) => number,
  painted: readonly Planes[number][] = planes,
): void {
  for (const { data, stride } of painted)
    for (let offset = 0; offset < data.length; offset += 1)
      data[offset] = at(offset % stride, Math.floor(offset / stride));
}

/** Sizes that are there, but none; each with its share of all. */
function sizesOf(coefficients: Coefficients): Record<number, number> {
  const all = coefficients.reduce((sum, count) => sum + count, 0);
  const sizes = [...coefficients.entries()].filter(([size, count]) => size > 0 && count > 0);
  return Object.fromEntries(sizes.map(([size, count]) => [size, count / all]));
}

test('one colour holds nothing, whichever', () => {
  expect(sizesOf(meter.textureOf(planes))).toEqual({});
  paint(() => 20);
  expect(sizesOf(meter.textureOf(planes))).toEqual({});
});

test('stripes are one coefficient of each block, eight times as large as they are strong', () => {
  paint(x => (x % 2 === 0 ? 118 : 138));
  expect(sizesOf(meter.textureOf(planes))).toEqual({ 80: 1 / 64 });
});

test('nothing changes from what is kept; brighter is one coefficient', () => {
  paint((x, y) => (x * 7 + y * 13) % 256);
  meter.keep(planes);
  expect(sizesOf(meter.changeOf(planes))).toEqual({});
  paint((x, y) => 100 + ((x + y) % 3));
  meter.keep(planes);
  paint((x, y) => 110 + ((x + y) % 3));
  expect(sizesOf(meter.changeOf(planes))).toEqual({ 80: 1 / 64 });
});

test('chroma counts as well', () => {
  meter.keep(planes);
  paint(() => 138, planes.slice(1));
  const [share = 0] = Object.values(sizesOf(meter.changeOf(planes)));
  expect(share * 64).toBeCloseTo(1 / 3, 1);
});
