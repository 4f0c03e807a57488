import pino from 'pino';
import { expect, test } from 'vitest';
import { readSps } from '../../../../src/stage/rtp/sps.ts';
import { Slates } from '../../../../src/stage/scene/slates.ts';

test.each([
  ['a decoder of 720p on a wide line', 3_600, 1_000_000, 640],
  ['the same on a narrow one', 3_600, 100_000, 352],
  ['the same where there is hardly any', 3_600, 64_000, 176],
  ['a decoder of CIF', 396, 1_000_000, 352],
])('the slate for %s', async (_, maxFs, maxBitrateBps, width) => {
  const slates = new Slates('Giao ban', pino({ level: 'silent' }));
  const get = () => slates.get(maxFs, maxBitrateBps, 0);
  await expect.poll(get, { timeout: 20_000 }).toBeDefined();
  const [first] = get()?.pictures ?? [];
  expect(readSps(first?.[0] ?? Buffer.alloc(0))?.width).toBe(width);
});
