import { expect, test } from 'vitest';
import { DelayLine } from '../../../src/stage/rtp/delay-line.ts';

const packet = (name: string) => Buffer.from(name);

function aLine() {
  const due: string[] = [];
  const waiting = new Set<unknown>();
  const line = new DelayLine({
    delayMs: 40,
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
