import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DecodedPicture } from '../../support/last-picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { colourClip } from './clip.ts';
import { found, lettering } from './lettering.ts';
import { Rig, type TestEndpoint } from './rig.ts';
import { brightness, look, lookAt } from './seen.ts';

const CANVAS = { width: 1280, height: 720 };
const NAME = 'Xã Đắk Ơ — Mường Ảng';
const WITHOUT_MARKS = 'Xa Dak O — Muong Ang';
const FONT_SIZE = 26;
const LINE_HEIGHT = 40;
/** Of the last figure of the clock, at the right edge. */
const LAST_FIGURE = { x: CANVAS.width - 24, y: 0, width: 24, height: LINE_HEIGHT };
/** Another release of FFmpeg hints letters a little differently. */
const ALIKE = 0.75;
const PATIENCE = { timeout: 20_000 };
const MINUTE_MS = 60_000;
const asEndpoint = { ssrc: 0x1111, payloadType: 97, fps: 10 };

let rig: Rig;
let b: TestEndpoint;

beforeAll(async () => {
  rig = await Rig.start();
  const a = await rig.addEndpoint('a');
  b = await rig.addEndpoint('b');
  a.phone.play(colourClip('red', { size: '160x90', look: 'clean' }), asEndpoint);
  b.phone.play(colourClip('yellow', { size: '160x90', look: 'clean' }), asEndpoint);
  await rig.layOut('full');
  await waitFor('it passed on', async () => (await rig.showing('b')) === 'a');
});
afterAll(() => rig.close());

/** How well a text is found in the upper part of what is seen. */
function share(seen: DecodedPicture, text: string, from = { x: 0, width: 760 }): number {
  const area = { ...from, y: 0, height: LINE_HEIGHT };
  return found(lettering(text, FONT_SIZE), { ...area, points: brightness(seen, area) });
}

const figures = Array.from({ length: 10 }, (_, digit) => lettering(String(digit), FONT_SIZE));

/** The last figure of the clock, as it is read by whoever sees it. */
async function lastFigure(): Promise<number> {
  const seen = await look(b.phone, 1);
  const picture = { ...LAST_FIGURE, points: brightness(seen, LAST_FIGURE) };
  const shares = figures.map(figure => found(figure, picture));
  const best = Math.max(...shares);
  expect(best).toBeGreaterThan(ALIKE);
  return shares.indexOf(best);
}

describe('who has the floor', () => {
  test('stands across a picture that was passed on before', { timeout: MINUTE_MS }, async () => {
    await rig.floor({ floor: { name: NAME, remainingMs: 240_000 }, queue: ['Xã An Hòa'] });
    let seen: DecodedPicture | undefined;
    await expect
      .poll(async () => {
        seen = await look(b.phone, 12);
        return share(seen, NAME);
      }, PATIENCE)
      .toBeGreaterThan(ALIKE);
    if (!seen) return expect.fail('nothing seen');
    const [right, wrong] = [share(seen, NAME), share(seen, WITHOUT_MARKS)];
    process.stdout.write(`floor found: ${right.toFixed(3)}; without marks: ${wrong.toFixed(3)}\n`);
    expect(right).toBeGreaterThan(wrong + 0.2);
    expect(share(seen, 'Xã An Hòa', { x: 500, width: 600 })).toBeGreaterThan(ALIKE);
    expect(lookAt(seen, 640, 400)).toBe('red');
  });

  test('has its time counted down in the picture', { timeout: MINUTE_MS }, async () => {
    const read = [await lastFigure()];
    await waitFor('three other seconds', async () => {
      const figure = await lastFigure();
      if (figure !== read.at(-1)) read.push(figure);
      return read.length > 3;
    });
    const steps = read.slice(1).map((figure, index) => ((read[index] ?? 0) - figure + 10) % 10);
    process.stdout.write(`last figures of the clock: ${read.join(' ')}\n`);
    expect(Math.max(...steps)).toBeLessThan(5); // never up
  });

  test('is over its time in red, and says so', { timeout: MINUTE_MS }, async () => {
    await rig.floor({ floor: { name: NAME, remainingMs: -60_000 }, queue: [] });
    const ground = { x: CANVAS.width - 3, y: 3 };
    const over = { x: 1020, width: 180 };
    let seen: DecodedPicture | undefined;
    await expect
      .poll(async () => {
        seen = await look(b.phone, 6);
        return lookAt(seen, ground.x, ground.y, 2);
      }, PATIENCE)
      .toBe('red');
    expect(share(seen ?? expect.fail('nothing seen'), 'quá giờ', over)).toBeGreaterThan(ALIKE);
  });

  test('covers no mark of a tile: it is below', { timeout: MINUTE_MS }, async () => {
    await rig.people({ id: 'a', handRaised: true }, { id: 'b', muted: true });
    await rig.layOut('grid', { gridSize: 1 });
    const isHand = async () => {
      const seen = await look(b.phone);
      return [lookAt(seen, 9, 14, 2), lookAt(seen, 9, LINE_HEIGHT + 14, 2)];
    };
    await expect.poll(isHand, PATIENCE).toEqual(['black', 'blue']);
  });

  test('is gone with the floor, and the picture is passed on again', {
    timeout: MINUTE_MS,
  }, async () => {
    await rig.layOut('full');
    await rig.floor({ queue: [] });
    await waitFor('it passed on again', async () => (await rig.status()).canvases.length === 0);
    const seen = await look(b.phone);
    expect([seen.width, seen.height]).toEqual([160, 90]);
  });
});
