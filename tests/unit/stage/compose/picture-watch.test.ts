import type { Frame } from 'node-av';
import { afterAll, describe, expect, test } from 'vitest';
import { newFrame, planesOf } from '../../../../src/stage/compose/ffmpeg.ts';
import { fill } from '../../../../src/stage/compose/paint.ts';
import { PictureWatch } from '../../../../src/stage/compose/picture-watch.ts';

const [WIDTH, HEIGHT] = [160, 90];
const SECOND_MS = 1_000;
const frames: Frame[] = [];
afterAll(() => {
  for (const frame of frames) frame.free();
});

/** A picture of one brightness, and a spot of another. */
function aFrame(luma: number, spot = luma): Frame {
  const frame = newFrame(WIDTH, HEIGHT);
  frames.push(frame);
  const planes = planesOf(frame) ?? expect.fail('no planes');
  fill(planes, { x: 0, y: 0, width: WIDTH, height: HEIGHT }, { y: luma, u: 128, v: 128 });
  fill(planes, { x: 40, y: 40, width: 20, height: 20 }, { y: spot, u: 128, v: 128 });
  return frame;
}

/** Watches from 0 on; pictures come as often as said. */
function watched(fromMs: number, toMs: number, fps: number) {
  const watch = new PictureWatch('a', 0);
  for (let atMs = fromMs; atMs < toMs; atMs += SECOND_MS / fps) watch.picture(atMs);
  return watch;
}

describe('a second of a camera', () => {
  test('tells size and frame rate', () => {
    const facts = watched(0, SECOND_MS, 25).report(aFrame(100), SECOND_MS);
    expect(facts).toMatchObject({ sourceId: 'a', width: WIDTH, height: HEIGHT, fps: 25 });
    expect(facts.frozenMs).toBe(0);
  });

  test('is not frozen at five pictures, and is at one', () => {
    expect(watched(0, SECOND_MS, 5).report(aFrame(100), SECOND_MS).frozenMs).toBe(0);
    expect(watched(0, SECOND_MS, 1).report(aFrame(100), SECOND_MS).frozenMs).toBe(SECOND_MS);
  });

  test('is not frozen at three a second, once that is usual; a pause that is longer is', () => {
    const watch = new PictureWatch('a', 0);
    let atMs = 0;
    const second = (pictures: number) => {
      const endMs = atMs + SECOND_MS;
      for (let n = 1; n <= pictures; n += 1) watch.picture(atMs + (n * SECOND_MS) / pictures);
      atMs = endMs;
      return watch.report(aFrame(100), endMs).frozenMs;
    };
    for (let n = 0; n < 5; n += 1) second(3);
    for (let n = 0; n < 5; n += 1) expect(second(3)).toBe(0);
    expect(second(0)).toBe(SECOND_MS);
    expect(second(0)).toBe(SECOND_MS);
    for (let n = 0; n < 5; n += 1) second(25);
    expect(second(2)).toBeGreaterThan(900);
  });

  test('is frozen from when pictures stopped, and all of it in the next', () => {
    const watch = watched(0, 400, 25);
    expect(watch.report(aFrame(100), SECOND_MS).frozenMs).toBeGreaterThanOrEqual(600);
    expect(watch.report(aFrame(100), 2 * SECOND_MS)).toMatchObject({ frozenMs: SECOND_MS, fps: 0 });
  });

  test('is frozen while a camera gives nothing that can be decoded, from the beginning on', () => {
    const watch = new PictureWatch('a', 0);
    const nothing = { sourceId: 'a', fps: 0, frozenMs: SECOND_MS, black: false, still: false };
    expect(watch.report(undefined, SECOND_MS)).toEqual(nothing);
    for (let atMs = SECOND_MS; atMs < 2 * SECOND_MS; atMs += 40) watch.picture(atMs);
    expect(watch.report(aFrame(100), 2 * SECOND_MS)).toMatchObject({ fps: 25, frozenMs: 0 });
  });

  test('counts a pause in its middle', () => {
    const watch = watched(0, 200, 25);
    for (let atMs = 700; atMs < SECOND_MS; atMs += 40) watch.picture(atMs);
    const { frozenMs } = watch.report(aFrame(100), SECOND_MS);
    expect(frozenMs).toBeGreaterThan(450);
    expect(frozenMs).toBeLessThan(600);
  });
});

describe('a picture', () => {
  test('is black only when all of it is', () => {
    const watch = new PictureWatch('a', 0);
    const black = (atMs: number, ...luma: [number, number?]) => {
      watch.picture(atMs);
      return watch.report(aFrame(...luma), atMs).black;
    };
    expect(black(1, 16)).toBe(true);
    expect(black(2, 30)).toBe(true);
    expect(black(3, 16, 90)).toBe(false);
    expect(watch.report(aFrame(16), 4).black, 'no picture came').toBe(false);
  });

  test('is still when it is as it was a second ago', () => {
    const watch = new PictureWatch('a', 0);
    const still = (atMs: number, ...luma: [number, number?]) => {
      watch.picture(atMs);
      return watch.report(aFrame(...luma), atMs).still;
    };
    expect(still(1, 90)).toBe(false); // nothing is known yet
    expect(still(2, 90)).toBe(true);
    expect(still(3, 90, 91)).toBe(false);
    expect(watch.report(aFrame(90, 91), 4).still, 'no picture came').toBe(false);
  });
});
