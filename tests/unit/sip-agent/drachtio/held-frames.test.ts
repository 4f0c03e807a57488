import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GAP_AFTER_OK_MS, HeldFrames } from '../../../../src/sip-agent/drachtio/held-frames.ts';

let written: string[];
let held: HeldFrames;
beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  held = new HeldFrames(frame => void written.push(frame.toString()));
});
afterEach(() => void vi.useRealTimers());

const push = (id: string, text: string) => held.push(id, Buffer.from(text));

test('frames go at once when no OK was just written', () => {
  push('t', 'one');
  expect(written).toEqual(['one']);
  expect(held.size).toBe(0);
});

test('what an OK causes waits, and stays in order', () => {
  held.holdBack('t');
  push('t', '180');
  vi.advanceTimersByTime(1);
  push('t', '200');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(2 * GAP_AFTER_OK_MS);
  expect(written).toEqual(['180', '200']);
  expect([held.size, vi.getTimerCount()]).toEqual([0, 0]);
});

test('nothing overtakes a frame that waits', () => {
  held.holdBack('t');
  push('t', '200');
  push('other', 'BYE');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(2 * GAP_AFTER_OK_MS);
  expect(written).toEqual(['200', 'BYE']);
});

test('the gap of one does not hold what belongs to others', () => {
  held.holdBack('t');
  push('other', 'INVITE');
  expect(written).toEqual(['INVITE']);
});

test('a later gap is waited for as well', () => {
  held.holdBack('a');
  vi.advanceTimersByTime(GAP_AFTER_OK_MS - 1);
  held.holdBack('b');
  push('b', 'late');
  vi.advanceTimersByTime(1);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(2 * GAP_AFTER_OK_MS);
  expect(written).toEqual(['late']);
  expect(held.size).toBe(0);
});

test('nothing runs on after it is cleared', () => {
  held.holdBack('t');
  push('t', 'never');
  held.clear();
  vi.advanceTimersByTime(1_000);
  expect([written, held.size, vi.getTimerCount()]).toEqual([[], 0, 0]);
});
