import { beforeEach, describe, expect, test } from 'vitest';
import { FeedGate } from '../../../../src/stage/scene/feed-gate.ts';

const STEP_MS = 40;
const CLOCK_RATE_KHZ = 90;
const PACKETS = 3;

let gate: FeedGate;
let atMs: number;
beforeEach(() => {
  gate = new FeedGate();
  atMs = 1_000;
});

/** Pictures of three packets each; tells for each how many went. */
function pictures(count: number, startsKeyframe = false): number[] {
  return Array.from({ length: count }, () => {
    atMs += STEP_MS;
    const packet = { timestamp: atMs * CLOCK_RATE_KHZ, startsKeyframe };
    return Array.from({ length: PACKETS }, () => gate.admits(packet, atMs)).filter(Boolean).length;
  });
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

test('all goes while a browser is there', () => {
  expect(sum(pictures(25))).toBe(25 * PACKETS);
  expect(gate.watch(true, atMs)).toBe(false);
});

describe('without a browser', () => {
  beforeEach(() => {
    gate.watch(false, atMs);
  });

  test('two whole pictures go each second', () => {
    const counts = pictures(100);
    expect([...new Set(counts)].sort()).toEqual([0, PACKETS]);
    expect(sum(counts) / PACKETS).toBeGreaterThanOrEqual(7);
    expect(sum(counts) / PACKETS).toBeLessThanOrEqual(8);
  });

  test('until one comes: from the next key frame on, which is asked for', () => {
    pictures(25);
    expect(gate.watch(true, atMs)).toBe(true);
    expect(sum(pictures(5))).toBe(0);
    expect(sum([...pictures(1, true), ...pictures(5)])).toBe(6 * PACKETS);
    expect(gate.watch(true, atMs)).toBe(false);
  });

  test('a camera without key frames is waited for a while', () => {
    pictures(25);
    gate.watch(true, atMs);
    expect(sum(pictures(74))).toBe(0);
    expect(sum(pictures(5))).toBeGreaterThan(0);
  });

  test('who asks for a key frame counts as one for a while', () => {
    pictures(25);
    gate.requested(atMs);
    expect(sum([...pictures(1, true), ...pictures(100)])).toBe(101 * PACKETS);
    pictures(200);
    expect(sum(pictures(25))).toBeLessThan(5 * PACKETS);
  });
});
