import { expect, test } from 'vitest';
import { MachineLoad } from '../../../src/stage/machine-load.ts';

/** What `/proc/stat` said one after another; shares told after each but the first. */
function told(...stats: readonly string[]): (number | undefined)[] {
  let at = 0;
  const load = new MachineLoad(() => stats[at++] ?? '');
  return stats.slice(1).map(() => load.busySinceLast());
}

//                     user nice system idle iowait irq softirq steal guest guest_nice
const BEFORE = 'cpu  100 10 50 800 20 5 15 0 0 0\ncpu0 50 5 25 400 10 2 8 0 0 0\nintr 1';

test('of what passed since it was last asked, all but idling and waiting for disks is busy', () => {
  const half = 'cpu  140 10 60 840 30 5 15 0 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0';
  const full = 'cpu  200 20 80 840 30 10 20 5 0 0';
  expect(told(BEFORE, half, full)).toEqual([0.5, 1]);
});

test('nothing is known where time stood still, or the system does not tell', () => {
  expect(told(BEFORE, BEFORE)).toEqual([undefined]);
  expect(told(BEFORE, '')).toEqual([undefined]);
  expect(told('', BEFORE)).toEqual([undefined]);
  expect(told('cpu  1 2', 'cpu  3 4')).toEqual([undefined]);
});

test('tells something of the machine it runs on, if that is Linux', () => {
  const load = new MachineLoad();
  expect(load.busySinceLast() ?? 0).toBeGreaterThanOrEqual(0);
});
