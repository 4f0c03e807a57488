import { expect, test } from 'vitest';
import { DelayLine } from '../../../src/stage/rtp/delay-line.ts';

const packet = (name: string) => Buffer.from(name);

function aLine(delayMs = () => 40) {
  const due: string[] = [];
  const waiting = new Set<unknown>();
  const line = new DelayLine({
    delayMs,
    onDue: (data, nowMs) => due.push(`${data} at ${nowMs}`),
    ticker: { add: paced => waiting.add(paced), remove: paced => waiting.delete(paced) },
  });
  return { line, due, waiting };
}

test('every packet is handed on after the same time, in order', () => {
  const { line, due, waiting } = aLine();
  line.push(packet('a'), 0);
  line.push(packet('b'), 10);
  expect(waiting.size).toBe(1);
  expect(line.tick(39)).toBe(true);
  expect(line.tick(40)).toBe(true);
  expect(line.tick(51)).toBe(false);
  expect(due).toEqual(['a at 40', 'b at 51']);
});

test('nothing overtakes when the time becomes shorter', () => {
  let delayMs = 40;
  const { line, due } = aLine(() => delayMs);
  line.push(packet('a'), 0);
  delayMs = 10;
  line.push(packet('b'), 20);
  line.push(packet('c'), 50);
  line.tick(35);
  expect(due).toEqual([]);
  line.tick(40);
  line.tick(60);
  expect(due).toEqual(['a at 40', 'b at 40', 'c at 60']);
});

test('what is held when it is cleared is not handed on', () => {
  const { line, due, waiting } = aLine();
  line.push(packet('a'), 0);
  line.clear();
  expect(waiting.size).toBe(0);
  line.tick(100);
  line.push(packet('b'), 100);
  line.tick(140);
  expect(due).toEqual(['b at 140']);
});
