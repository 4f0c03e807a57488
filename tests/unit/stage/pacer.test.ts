import { describe, expect, test } from 'vitest';
import type { Paced } from '../../../src/stage/rtp/pace-ticker.ts';
import { Pacer } from '../../../src/stage/rtp/pacer.ts';

const PACKET_BYTES = 1_200;
const TICK_MS = 5;

/** A pacer, and a clock that ticks while something waits. */
function aPacer(bitrateBps: number) {
  const sent: { packet: Buffer; atMs: number; isRepeat: boolean }[] = [];
  const waiting = new Set<Paced>();
  const pacer = new Pacer({
    bitrateBps,
    ticker: {
      add: paced => waiting.add(paced),
      remove: paced => waiting.delete(paced),
    },
    send: (packet, atMs, isRepeat) => sent.push({ packet, atMs, isRepeat }),
  });
  const run = (fromMs: number, toMs: number) => {
    for (let atMs = fromMs; atMs < toMs; atMs += TICK_MS)
      for (const paced of waiting) if (!paced.tick(atMs)) waiting.delete(paced);
  };
  return { pacer, sent, run, waiting };
}

const packets = (count: number) =>
  Array.from({ length: count }, (_, index) => Buffer.alloc(PACKET_BYTES, index));

describe('packets', () => {
  test('of a small picture go at once, and nothing ticks', () => {
    const { pacer, sent, waiting } = aPacer(256_000);
    for (const packet of packets(3)) pacer.push(packet, 1_000);
    expect(sent).toHaveLength(3);
    expect(waiting.size).toBe(0);
  });

  test('of a large one are spread at less than twice the bit rate, in order', () => {
    const { pacer, sent, run } = aPacer(256_000);
    const picture = packets(40);
    for (const packet of picture) pacer.push(packet, 1_000);
    expect(sent.length).toBeLessThanOrEqual(4);
    run(1_000, 3_000);
    expect(sent.map(({ packet }) => packet)).toEqual(picture);
    const inAnyWindow = sent.map(
      ({ atMs }) => sent.filter(other => other.atMs >= atMs && other.atMs < atMs + 100).length,
    );
    // 256 kbit/s times 1.75 are 5600 bytes in 100 ms, and what may go at once
    expect(Math.max(...inAnyWindow)).toBeLessThanOrEqual(9);
    const lastMs = sent.at(-1)?.atMs ?? 0;
    expect(lastMs - 1_000).toBeGreaterThan(700);
    expect(lastMs - 1_000).toBeLessThan(900);
  });

  test('of an average picture take no more than four fifths of its interval', () => {
    for (const bitrateBps of [160_000, 512_000, 2_000_000, 8_000_000]) {
      const { pacer, sent, run } = aPacer(bitrateBps);
      const pictureBytes = bitrateBps / 8 / 25;
      for (let atMs = 1_000; atMs < 3_000; atMs += 40) {
        run(atMs - 40, atMs);
        sent.length = 0;
        const size = Math.min(PACKET_BYTES, pictureBytes);
        for (let bytes = pictureBytes; bytes > 0; bytes -= size)
          pacer.push(Buffer.alloc(Math.min(size, bytes)), atMs);
        run(atMs, atMs + 35);
        expect(pacer.waitMs).toBe(0);
      }
    }
  });

  test('that come later wait behind those that wait', () => {
    const { pacer, sent, run } = aPacer(256_000);
    const [last, ...picture] = packets(20);
    for (const packet of picture) pacer.push(packet, 1_000);
    run(1_000, 1_050);
    pacer.push(last as Buffer, 1_050);
    run(1_050, 3_000);
    expect(sent.map(({ packet }) => packet)).toEqual([...picture, last]);
  });

  test('sent again go first, and cost the others their time', () => {
    const { pacer, sent, run } = aPacer(256_000);
    for (const packet of packets(10)) pacer.push(packet, 1_000);
    const gone = sent.length;
    const waitMs = pacer.waitMs;
    const again = Buffer.alloc(PACKET_BYTES, 99);
    pacer.repeat(again, 1_000);
    expect(pacer.waitMs).toBeGreaterThan(waitMs);
    run(1_000, 2_000);
    expect(sent[gone]).toMatchObject({ packet: again, isRepeat: true });
    expect(sent.filter(({ isRepeat }) => isRepeat)).toHaveLength(1);
  });
});

test('the wait follows the bit rate', () => {
  const { pacer } = aPacer(1_000_000);
  for (const packet of packets(100)) pacer.push(packet, 1_000);
  const waitMs = pacer.waitMs;
  pacer.bitrateBps = 250_000;
  expect(pacer.waitMs).toBeCloseTo(waitMs * 4);
});

test('what waits is forgotten on request, and then nothing ticks', () => {
  const { pacer, sent, run, waiting } = aPacer(256_000);
  for (const packet of packets(100)) pacer.push(packet, 1_000);
  sent.length = 0;
  pacer.clear();
  run(1_000, 3_000);
  expect(sent).toEqual([]);
  expect(waiting.size).toBe(0);
  pacer.push(Buffer.alloc(10), 4_000);
  expect(sent).toHaveLength(1);
});
