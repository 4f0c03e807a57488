import { beforeAll, describe, expect, test } from 'vitest';
import { Encoder } from '../../../../src/stage/compose/encoder.ts';
import {
  newFrame,
  type Planes,
  planesOf,
  quietFfmpeg,
} from '../../../../src/stage/compose/ffmpeg.ts';
import { randomFrom } from '../layout/support.ts';

const SECONDS = 8;
const KEYFRAME_INTERVAL_SEC = 3;
/** A picture is guessed before it is encoded, and a new scene is guessed worst. */
const BUFFERS = 2;

interface Spec {
  readonly size: readonly [number, number];
  readonly fps: number;
  readonly bitrateBps: number;
}

const SPECS: readonly Spec[] = [
  { size: [352, 288], fps: 25, bitrateBps: 384_000 },
  { size: [352, 288], fps: 15, bitrateBps: 160_000 },
  { size: [176, 144], fps: 10, bitrateBps: 64_000 },
  { size: [176, 144], fps: 2, bitrateBps: 64_000 },
];

type Luma = (x: number, y: number, seconds: number, random: () => number) => number;

const people: Luma = (x, y, seconds, random) =>
  128 + 60 * Math.sin(x / 9 + seconds) * Math.cos(y / 7 - seconds * 2) + 6 * random();
const snow: Luma = (_x, _y, _seconds, random) => 80 + 100 * random();
const slide: Luma = (x, y) => ((x >> 2) % 3 === 0 && (y >> 3) % 2 === 0 ? 30 : 230);
const wall: Luma = () => 128;
const every =
  (seconds: number, ...looks: readonly Luma[]): Luma =>
  (x, y, at, random) =>
    looks[Math.floor(at / seconds) % looks.length]?.(x, y, at, random) ?? 0;

const LOOKS: Readonly<Record<string, Luma>> = {
  people,
  'people in bad light': (x, y, at, random) => people(x, y, at, random) + 60 * (random() - 0.5),
  'a slide': slide,
  'slides and people': every(3, slide, people),
  'snow after a wall': every(2, wall, snow),
};

function draw(
  [{ data, stride }]: Planes,
  [width, height]: Spec['size'],
  at: (x: number, y: number) => number,
) {
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) data[y * stride + x] = Math.max(16, Math.min(235, at(x, y)));
}

/** Bits of each picture; none of those that were left out. */
async function encode(
  { size, fps, bitrateBps }: Spec,
  look: Luma,
  { seconds = SECONDS, keyframesEachSec = KEYFRAME_INTERVAL_SEC } = {},
): Promise<number[]> {
  const [width, height] = size;
  const encoder = await Encoder.open({ codec: 'h263', width, height, fps, bitrateBps });
  const frame = newFrame(width, height);
  const planes = planesOf(frame) ?? expect.fail('no planes');
  for (const { data } of planes.slice(1)) data.fill(128);
  const random = randomFrom(5);
  const bits: number[] = [];
  try {
    for (let index = 0; index < seconds * fps; index += 1) {
      if (index % (keyframesEachSec * fps) === 0) encoder.requestKeyframe();
      draw(planes, size, (x, y) => look(x, y, index / fps, random));
      const pictures = await encoder.encode(frame, index);
      bits.push(pictures.reduce((sum, { data }) => sum + data.length * 8, 0));
    }
  } finally {
    encoder.close();
    frame.free();
  }
  return bits;
}

/** The most the line is behind, when it carries the bit rate and no more. */
function latestSec(bits: readonly number[], { fps, bitrateBps }: Spec): number {
  let [queued, most] = [0, 0];
  for (const each of bits) {
    queued = Math.max(0, queued - bitrateBps / fps) + each;
    most = Math.max(most, queued);
  }
  return most / bitrateBps;
}

beforeAll(() => quietFfmpeg(false));

describe.each(SPECS)('H.263 of $size at $fps pictures a second and $bitrateBps bit/s', spec => {
  test.each(Object.entries(LOOKS))('%s: the line is hardly ever late', async (name, look) => {
    const bits = await encode(spec, look);
    const mean = bits.reduce((sum, each) => sum + each, 0) / SECONDS / spec.bitrateBps;
    const shown = bits.filter(each => each > 0).length / bits.length;
    const late = latestSec(bits, spec);
    process.stdout.write(
      `${name}: ${mean.toFixed(2)} of the rate, ${late.toFixed(2)} s late, ${shown.toFixed(2)} shown\n`,
    );
    expect(late).toBeLessThan(BUFFERS * Math.max(0.4, 2 / spec.fps));
    expect(shown).toBeGreaterThan(look === LOOKS['snow after a wall'] ? 0.5 : 0.9);
  });
});

test('a key frame that comes by itself is expected as well', async () => {
  const spec: Spec = { size: [176, 144], fps: 10, bitrateBps: 64_000 };
  const quiet: Luma = (x, y) => 128 + 60 * Math.sin((x * y) / 30);
  const bits = await encode(spec, quiet, { seconds: 25, keyframesEachSec: 60 });
  const [first = 0, ...others] = bits;
  expect(Math.max(...others)).toBeGreaterThan(first / 2);
  expect(latestSec(bits, spec)).toBeLessThan(0.8);
});
