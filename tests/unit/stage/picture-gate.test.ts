import { describe, expect, test } from 'vitest';
import { PictureGate } from '../../../src/stage/rtp/picture-gate.ts';

const PICTURE_INTERVAL_MS = 40;

function aGate() {
  const asked: number[] = [];
  let nowMs = 0;
  const gate = new PictureGate(() => asked.push(nowMs));
  const ask = (atMs: number, waitMs: number, timestamp: number, startsKeyframe = false) => {
    nowMs = atMs;
    return gate.admits({ timestamp, startsKeyframe, waitMs }, atMs);
  };
  return { ask, asked };
}

describe('a gate', () => {
  test('is open while little waits', () => {
    const { ask } = aGate();
    expect([0, 499, 0].map((waitMs, index) => ask(index * 40, waitMs, index))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('lets a picture that began go on to its end, unless that takes seconds', () => {
    const { ask } = aGate();
    expect(ask(0, 400, 1)).toBe(true);
    expect(ask(0, 1_900, 1)).toBe(true);
    expect(ask(0, 3_100, 1)).toBe(false);
    expect(ask(0, 0, 1)).toBe(false);
  });

  test('gives up a picture that would wait too long, and all up to a key frame', () => {
    const { ask } = aGate();
    expect(ask(0, 501, 1)).toBe(false);
    expect(ask(0, 0, 1, true)).toBe(false); // the rest of what was given up
    expect(ask(40, 0, 2)).toBe(false);
    expect(ask(80, 0, 3, true)).toBe(true);
    expect(ask(80, 0, 3)).toBe(true);
    expect(ask(120, 0, 4)).toBe(true);
  });

  test('lets a key frame in whose beginning was not marked as such', () => {
    const { ask } = aGate();
    ask(0, 501, 1);
    expect(ask(40, 0, 2)).toBe(false); // SEI
    expect(ask(40, 0, 2, true)).toBe(true);
  });

  test('lets no key frame in halfway', () => {
    const { ask } = aGate();
    ask(0, 501, 1);
    expect(ask(40, 251, 2, true)).toBe(false);
    expect(ask(40, 249, 2, true)).toBe(false);
    expect(ask(80, 249, 3, true)).toBe(true);
  });

  test('asks for a key frame when there is room, and not all the time', () => {
    const { ask, asked } = aGate();
    ask(0, 800, 1);
    for (let atMs = 40; atMs < 4_000; atMs += PICTURE_INTERVAL_MS) ask(atMs, 800 - atMs, atMs);
    expect(asked).toEqual([560, 2_560]);
  });

  test('has patience with what waits behind a key frame, for it is caught up with', () => {
    const { ask } = aGate();
    ask(0, 0, 1, true);
    expect(ask(40, 900, 2)).toBe(true);
    expect(ask(80, 1_001, 3)).toBe(false);
  });

  test('opens in the end for who marks no key frames', () => {
    const { ask } = aGate();
    ask(0, 501, 1);
    expect(ask(4_960, 0, 2)).toBe(false);
    expect(ask(5_040, 0, 2)).toBe(false); // not in the middle of a picture
    expect(ask(5_080, 0, 3)).toBe(true);
  });
});
