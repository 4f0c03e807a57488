import { afterAll, beforeAll, describe, test } from 'vitest';
import { pidsIn } from '../../bench/processes.ts';
import { SlowLine } from '../../support/bed/slow-line.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { expectNothingLeft } from '../district.ts';
import { report } from '../halls.ts';
import { Outcomes, TwoLaptops } from './two-laptops.ts';

/** Too little even for a picture of one colour. */
const NARROW_BPS = 70_000;
const ASLEEP_MS = 45_000;
const STEPS_MS = 120_000;

describe('a laptop whose way up gets narrow', () => {
  let system: TestSystem;
  let line: SlowLine;
  let laptops: TwoLaptops;
  let fullWidth = 0;
  const outcomes = new Outcomes();

  beforeAll(async () => {
    line = await SlowLine.open({ delayMs: 5 });
    system = await startSystem();
    laptops = await TwoLaptops.open(system);
    fullWidth = (await laptops.seenWidth('Lan')) ?? 0;
    line.use(true);
    await laptops.recovered();
  });

  afterAll(async () => {
    outcomes.print();
    line?.use(false);
    for (const one of [laptops, line, system]) await one?.close();
  });

  const button = (name: string) => laptops.pages.Lan.getByRole('button', { name });
  const widthBecomes = async (what: string, isRight: (width: number) => boolean) => {
    const sinceMs = performance.now();
    await waitFor(what, async () => isRight((await laptops.seenWidth('Lan')) ?? 0), STEPS_MS);
    report(what, `${Math.round((performance.now() - sinceMs) / 1000)} s`);
  };

  test('asks before the camera goes, and is heard without it', { timeout: STEPS_MS }, async () => {
    line.limits.upstreamBps = NARROW_BPS;
    await button('Turn it off').click({ timeout: STEPS_MS });
    await laptops.lanIs({ hasVideo: true }); // the seat stays: the picture comes back by itself
    await laptops.allHeard(['Lan', 'Minh']);
    await laptops.seen('Minh');
  });

  test('asks again when there is room, and is seen', { timeout: STEPS_MS }, async () => {
    line.limits.upstreamBps = undefined;
    await button('Turn it on').click({ timeout: STEPS_MS });
    await laptops.seen('Lan');
    await widthBecomes('as wide as before', width => width === fullWidth);
  });

  test('that slept: back as the same person', { timeout: STEPS_MS }, async () => {
    const before = await laptops.lan();
    const asleep = pidsIn('office');
    for (const pid of asleep) process.kill(pid, 'SIGSTOP');
    try {
      await laptops.pages.Minh.waitForTimeout(ASLEEP_MS);
    } finally {
      for (const pid of asleep) process.kill(pid, 'SIGCONT');
    }
    outcomes.add(`asleep for ${ASLEEP_MS / 1000} s`, '', await laptops.recovered());
    await laptops.lanIs({ id: before?.id, chair: true, muted: false });
  });

  test('nothing is left afterwards', async () => {
    await laptops.leave();
    await expectNothingLeft(system);
  });
});
