import type { Frame } from 'node-av';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Canvas } from '../../../../src/stage/compose/canvas.ts';
import type { Decoder } from '../../../../src/stage/compose/decoder.ts';
import { newFrame, planesOf } from '../../../../src/stage/compose/ffmpeg.ts';
import { fill } from '../../../../src/stage/compose/paint.ts';
import { UNMARKED } from '../../../../src/stage/compose/protocol.ts';
import type { Stencils } from '../../../../src/stage/compose/stencils.ts';

const SPEC = { codec: 'h264', width: 640, height: 360, fps: 25, bitrateBps: 500_000 } as const;
const NO_TEXTS = { get: () => undefined } as unknown as Stencils;
const LUMA = 200;

let canvas: Canvas;
let shown: Decoder | undefined;
let trouble: unknown[];
const frames: Frame[] = [];

beforeEach(async () => {
  trouble = [];
  const events = { decoderOf: () => shown, onTrouble: (err: unknown) => trouble.push(err) };
  canvas = await Canvas.open(SPEC, NO_TEXTS, events);
  const rect = { x: 0, y: 0, width: 640, height: 360 };
  canvas.paint(
    { tiles: [{ rect, sourceId: 'a', name: 'a', labelled: false, marks: UNMARKED }] },
    0,
  );
});
afterEach(async () => {
  await canvas.close();
  for (const frame of frames.splice(0)) frame.free();
});

/** A camera that gives bright pictures of this size and shape. */
function camera(width: number, height: number, pixelAspect: number): Decoder {
  const picture = newFrame(width, height);
  frames.push(picture);
  const planes = planesOf(picture) ?? expect.fail('no planes');
  fill(planes, { x: 0, y: 0, width, height }, { y: LUMA, u: 128, v: 128 });
  const look = { width, height, format: picture.format, pixelAspect };
  return { picture, look, sequence: width, pictureAtMs: 0 } as unknown as Decoder;
}

function middle(): number | undefined {
  const luma = planesOf(canvas.frame)?.[0];
  return luma?.data[180 * luma.stride + 320];
}

test('a camera whose pictures cannot be scaled is a slate, and seen again when they can', async () => {
  shown = camera(2, 2304, 65_535);
  await canvas.compose(0);
  expect(trouble).toHaveLength(1);
  await canvas.compose(40);
  expect(trouble, 'said once').toHaveLength(1);
  expect(middle()).toBeLessThan(LUMA / 2);
  shown = camera(640, 360, 1);
  await canvas.compose(80);
  expect(middle()).toBe(LUMA);
});
