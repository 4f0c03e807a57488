import { expect, it } from 'vitest';
import { crashTest } from '../../crash/crash.ts';

const KILLS = 15;

it('what was acknowledged is there after each kill -9 during writes, and the database opens', async () => {
  const { kills, acknowledged, stored, lost } = await crashTest(KILLS);
  expect(lost).toEqual([]);
  expect(kills).toBe(KILLS);
  expect(stored).toBeGreaterThan(KILLS);
  process.stdout.write(`    ${kills} kills, ${acknowledged} writes acknowledged\n`);
}, 300_000);
