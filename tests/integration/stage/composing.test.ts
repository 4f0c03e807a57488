import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { expect, test } from 'vitest';
import type { ComposedPicture, Composer } from '../../../src/stage/compose/composer.ts';
import { ComposerPool } from '../../../src/stage/compose/pool.ts';
import { type Painting, UNMARKED } from '../../../src/stage/compose/protocol.ts';
import { colourClip } from './clip.ts';
import { coloursOfStream } from './decode.ts';

const SPEC = { codec: 'h264', width: 320, height: 180, fps: 25, bitrateBps: 500_000 } as const;
const SHOWN = ['red', 'green'] as const;
const PAINTINGS = 40;
const START_CODE = Buffer.from([0, 0, 0, 1]);

const colourOf = (revision: number) => SHOWN[revision % 2] ?? 'red';

function full(sourceId: string): Painting {
  const rect = { x: 0, y: 0, width: SPEC.width, height: SPEC.height };
  return { tiles: [{ rect, sourceId, name: sourceId, labelled: false, marks: UNMARKED }] };
}

function aPool() {
  const pool = new ComposerPool({ threads: 1, log: pino({ level: 'silent' }) });
  const unwanted = () => undefined;
  const events = { onBroken: unwanted, onSecond: unwanted, onCanvasFailed: unwanted };
  return { composer: pool.open(events), [Symbol.asyncDispose]: () => pool.close() };
}

/** Its camera gives one more picture: one that stands for two seconds is a slate. */
function film(composer: Composer, colour: (typeof SHOWN)[number]): void {
  const nals = colourClip(colour, { size: '320x180', look: 'still' })[0] ?? [];
  const data = Buffer.concat(nals.flatMap(nal => [START_CODE, nal]));
  composer.decode(colour, {
    data,
    timestamp: 0,
    isKeyframe: true,
    isWhole: true,
    followsLoss: false,
  });
}

/** Keeps the fakes honest that `tests/unit/stage/scene` works with. */
test('each picture says which painting it shows, also one that was under way when another was ordered', async () => {
  await using pool = aPool();
  const { composer } = pool;
  for (const colour of SHOWN) {
    composer.openSource(colour, 'h264');
    film(composer, colour);
  }
  expect(await composer.snapshot('green', 320)).toBeDefined(); // now both are decoded
  const pictures: ComposedPicture[] = [];
  const comes = new EventEmitter();
  const canvas = composer.openCanvas(SPEC, full('red'), picture => {
    pictures.push(picture);
    comes.emit('picture');
  });
  for (let revision = 1; revision < PAINTINGS; revision += 1) {
    await once(comes, 'picture');
    await pause(revision); // somewhere between two pictures
    expect(canvas.paint(full(colourOf(revision)))).toBe(revision);
    for (const colour of SHOWN) film(composer, colour);
  }
  const shown = pictures.map(({ revision }) => colourOf(revision));
  expect(new Set(shown)).toEqual(new Set(SHOWN));
  const { colours } = await coloursOfStream(Buffer.concat(pictures.map(({ data }) => data)));
  expect(colours).toEqual(shown);
});
