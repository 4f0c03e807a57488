import { describe, expect, test } from 'vitest';
import type { AccessUnit } from '../../../../../src/stage/rtp/payload/access-unit.ts';
import { depacketizerFor } from '../../../../../src/stage/rtp/payload/depacketizer.ts';
import { MAX_UNIT_BYTES } from '../../../../../src/stage/rtp/payload/unit-buffer.ts';
import { IDR, NON_IDR } from '../../builders.ts';
import { unitsOf } from './builders.ts';

describe('a unit ends', () => {
  test('with the marker', () => {
    const units = unitsOf('h264', [
      { payload: NON_IDR, marker: true },
      { payload: NON_IDR, timestamp: 1 },
    ]);
    expect(units.map(unit => [unit.timestamp, unit.isWhole])).toEqual([[0, true]]);
  });

  test('when the time changes, for senders without markers', () => {
    const units = unitsOf('h264', [
      { payload: NON_IDR, timestamp: 1 },
      { payload: NON_IDR, timestamp: 1 },
      { payload: NON_IDR, timestamp: 2 },
      { payload: NON_IDR, timestamp: 3 },
    ]);
    expect(units.map(unit => [unit.timestamp, unit.isWhole, unit.data.length])).toEqual([
      [1, true, 16],
      [2, true, 8],
    ]);
  });

  test('torn, when the marker is among what was lost', () => {
    const units = unitsOf('h264', [
      { payload: NON_IDR, timestamp: 1 },
      { payload: NON_IDR, timestamp: 2, marker: true, lost: 1 },
    ]);
    expect(units.map(unit => unit.isWhole)).toEqual([false, true]);
  });

  test('torn, when another stream begins, and nothing of it goes on', () => {
    const units = unitsOf('h264', [
      { payload: NON_IDR, timestamp: 1, epoch: 1 },
      { payload: IDR, timestamp: 1, epoch: 2, marker: true },
    ]);
    expect(units.map(unit => [unit.isWhole, unit.isKeyframe])).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});

test('a unit after pictures that were lost whole says so', () => {
  const units = unitsOf('h264', [
    { payload: NON_IDR, timestamp: 1, marker: true },
    { payload: NON_IDR, timestamp: 3, marker: true, lost: 2 },
    { payload: NON_IDR, timestamp: 4, marker: true },
    { payload: NON_IDR, timestamp: 5, marker: true, epoch: 2 },
  ]);
  expect(units.map(unit => [unit.isWhole, unit.followsLoss])).toEqual([
    [true, false],
    [true, true],
    [true, false],
    [true, false],
  ]);
});

test('the first unit of a stream is torn when its beginning was missed', () => {
  const later = Buffer.from([0x41, 0x20, 1]);
  const [first, second] = unitsOf('h264', [
    { payload: later, timestamp: 1, marker: true },
    { payload: later, timestamp: 2, marker: true },
  ]);
  expect([first?.isWhole, second?.isWhole]).toEqual([false, true]);
});

test('a unit’s data is its own', () => {
  const payload = Buffer.from(NON_IDR);
  const depacketizer = depacketizerFor('h264');
  const packet = { timestamp: 0, epoch: 1, payload, marker: true };
  const [first] = depacketizer.push({ ...packet, seq: 1 });
  const before = first?.data.toString('hex');
  payload.fill(0xff);
  depacketizer.push({ ...packet, seq: 2, payload: IDR });
  expect(first?.data.toString('hex')).toBe(before);
});

describe('a stream without markers and times', () => {
  const payload = Buffer.alloc(1_000, 0x41);

  test('gives nothing larger than a unit may be, and goes on at the next picture', () => {
    const depacketizer = depacketizerFor('h264');
    const units: AccessUnit[] = [];
    let seq = 0;
    const push = (timestamp: number, marker: boolean) =>
      units.push(
        ...depacketizer.push({ seq: seq++ & 0xffff, timestamp, epoch: 1, marker, payload }),
      );
    for (let sent = 0; sent < 2 * MAX_UNIT_BYTES; sent += payload.length) push(0, false);
    push(0, true);
    expect(units).toEqual([]);
    push(1, true);
    expect(units).toHaveLength(1);
  });

  test('gives a unit of just the size', () => {
    const pieces = Math.floor(MAX_UNIT_BYTES / (payload.length + 4));
    const sent = Array.from({ length: pieces }, (_, index) => ({
      payload,
      marker: index === pieces - 1,
    }));
    expect(unitsOf('h264', sent)[0]?.data).toHaveLength(pieces * (payload.length + 4));
  });
});
