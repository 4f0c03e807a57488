import { pause } from '../call/bench.ts';
import { usageOf } from '../processes.ts';
import { progress, table } from '../table.ts';
import type { PictureKind } from './clips.ts';
import { RECEIVERS, withHall } from './hall.ts';

const INTERVAL_MS = 40;
const MINUTE_MS = 60_000;
const INPUTS = 9;
const RECEIVER_COUNT = 24;
const CHANGES_A_MINUTE = 20;
const GROUPS = ['720p25', '720p25', '448p25', 'CIF'] as const;
const INPUT_COUNTS = [1, 4, 9, 16];
const UNTIL_STEADY_MS = 20_000;

/** Resident memory of the stage, minute by minute, while receivers come and go. */
export function measureMemory(
  kind: PictureKind,
  files: readonly string[],
  minutes: number,
): Promise<string> {
  return withHall(async hall => {
    await hall.play(files, INPUTS, INTERVAL_MS);
    for (let n = 0; n < RECEIVER_COUNT; n += 1)
      await hall.addReceiver(`receiver-${n}`, RECEIVERS['720p25']);
    const rows: string[][] = [];
    for (let minute = 1; minute <= minutes; minute += 1) {
      for (let change = 0; change < CHANGES_A_MINUTE; change += 1) {
        await hall.removeReceiver(`receiver-${change % RECEIVER_COUNT}`);
        // Another group each time, so that encoders are opened and closed as well.
        const group = GROUPS[(minute + change) % GROUPS.length] ?? '720p25';
        await hall.addReceiver(`receiver-${change % RECEIVER_COUNT}`, RECEIVERS[group]);
        await pause(MINUTE_MS / CHANGES_A_MINUTE);
      }
      const { residentMib } = usageOf([hall.stagePid]);
      progress(`minute ${minute}: ${residentMib.toFixed(0)} MiB`);
      rows.push([String(minute), `${residentMib.toFixed(0)} MiB`]);
    }
    const what = `${INPUTS} × ${kind.name}, ${RECEIVER_COUNT} receivers`;
    const changes = `${CHANGES_A_MINUTE} leave and come in a minute`;
    return `Resident memory, ${what}, of which ${changes}:\n\n${table(['after minutes', 'stage'], rows)}`;
  });
}

/** Resident memory of the stage with more and more cameras that are decoded. */
export async function measureMemoryOfInputs(
  kind: PictureKind,
  files: readonly string[],
): Promise<string> {
  const rows: string[][] = [];
  for (const count of INPUT_COUNTS) {
    progress(`memory of ${count} × ${kind.name}`);
    const mib = await withHall(async hall => {
      await hall.play(files, count, INTERVAL_MS);
      await hall.addReceiver('watcher', RECEIVERS.CIF); // nothing is passed on to it
      await pause(UNTIL_STEADY_MS);
      return usageOf([hall.stagePid]).residentMib;
    });
    rows.push([`${count} × ${kind.name}`, `${mib.toFixed(0)} MiB`]);
  }
  return table(['decoded', 'resident memory of the stage'], rows);
}
