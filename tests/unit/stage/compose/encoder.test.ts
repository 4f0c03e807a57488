import { beforeAll, expect, test } from 'vitest';
import { Encoder } from '../../../../src/stage/compose/encoder.ts';
import {
  newFrame,
  type Planes,
  planesOf,
  quietFfmpeg,
} from '../../../../src/stage/compose/ffmpeg.ts';
import { randomFrom } from '../layout/support.ts';

const PICTURES = 60;
/** Of one entry of `mb_info`; the first four are where it begins, in bits. */
const ENTRY_BYTES = 12;

/** Snow on every second picture only: the rate control expects little, and gets much. */
function snow(planes: Planes, height: number, amplitude: number, random: () => number): void {
  const [luma] = planes;
  for (let at = 0; at < luma.stride * height; at += 1)
    luma.data[at] = 128 + Math.floor((random() - 0.5) * amplitude);
}

function placesOf(macroblocks: Uint8Array): number[] {
  const bytes = Buffer.from(macroblocks);
  return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, n) =>
    bytes.readUInt32LE(n * ENTRY_BYTES),
  );
}

beforeAll(() => quietFfmpeg(false));

test.each([
  [352, 288, 25, 384_000],
  [352, 288, 15, 160_000],
  [176, 144, 15, 64_000],
])('%d x %d of H.263, however hard, tells where its macroblocks are', async (...spec) => {
  const [width, height, fps, bitrateBps] = spec;
  const encoder = await Encoder.open({ codec: 'h263', width, height, fps, bitrateBps });
  const frame = newFrame(width, height);
  const planes = planesOf(frame) ?? expect.fail('no planes');
  const random = randomFrom(3);
  try {
    for (let index = 0; index < PICTURES; index += 1) {
      if (index % fps === 0) encoder.requestKeyframe();
      snow(planes, height, index % 2 === 0 ? 0 : index * 4, random);
      for (const { macroblocks = new Uint8Array() } of await encoder.encode(frame, index)) {
        const places = placesOf(macroblocks);
        expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
      }
    }
  } finally {
    encoder.close();
    frame.free();
  }
});
