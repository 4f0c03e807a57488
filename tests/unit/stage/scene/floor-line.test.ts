import { describe, expect, test } from 'vitest';
import { floorLine, floorStanding } from '../../../../src/stage/scene/floor-line.ts';

const QUEUE = ['Xã An Hòa', 'Bà Lan'];

/** What is written some time after it was said. */
function written(order: Parameters<typeof floorStanding>[0], laterMs = 0) {
  const standing = floorStanding(order, 10_000);
  return standing && floorLine(standing, 10_000 + laterMs);
}

describe('the line of the floor', () => {
  test('is not there when nobody speaks and nobody waits', () => {
    expect(written({ queue: [] })).toBeUndefined();
  });

  test.each([
    [
      'who speaks and who waits',
      { floor: { name: 'Xã Đắk Ơ' }, queue: QUEUE },
      'Đang phát biểu: Xã Đắk Ơ — Chờ phát biểu: Xã An Hòa, Bà Lan',
    ],
    ['who speaks', { floor: { name: 'Xã Đắk Ơ' }, queue: [] }, 'Đang phát biểu: Xã Đắk Ơ'],
    ['who waits', { queue: QUEUE }, 'Chờ phát biểu: Xã An Hòa, Bà Lan'],
  ])('says %s, without a time where there is no limit', (_, order, text) => {
    expect(written(order)).toEqual({ text });
  });

  test.each([
    [0, 'còn', '02:05'],
    [1, 'còn', '02:05'],
    [1_000, 'còn', '02:04'],
    [124_999, 'còn', '00:01'],
    [125_000, 'quá giờ', '00:00'],
    [126_500, 'quá giờ', '00:01'],
    [125_000 + 6_000_000, 'quá giờ', '100:00'],
  ])('counts down, and up when it is over: after %i ms', (laterMs, label, clock) => {
    const order = { floor: { name: 'Xã Đắk Ơ', remainingMs: 125_000 }, queue: [] };
    const isOver = label === 'quá giờ';
    expect(written(order, laterMs)?.time).toEqual({ label, clock, isOver });
  });

  test('that was over when it was said goes on from there', () => {
    const order = { floor: { name: 'Xã Đắk Ơ', remainingMs: -30_000 }, queue: [] };
    expect(written(order, 1_000)?.time).toMatchObject({ clock: '00:31', isOver: true });
  });
});
