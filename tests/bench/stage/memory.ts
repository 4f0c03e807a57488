import { pause } from '../call/bench.ts';
import { usageOf } from '../processes.ts';
import { progress, table } from '../table.ts';
import type { PictureKind } from './clips.ts';
import { RECEIVERS, withHall } from './hall.ts';

const INTERVAL_MS = 40;
const MINUTE_MS = 60_000;
const INPUTS = 9;
const RECEIVER_COUNT = 24;

/** Resident memory of the stage, minute by minute. */
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
      await pause(MINUTE_MS);
      const { residentMib } = usageOf([hall.stagePid]);
      progress(`minute ${minute}: ${residentMib.toFixed(0)} MiB`);
      rows.push([String(minute), `${residentMib.toFixed(0)} MiB`]);
    }
    const what = `${INPUTS} × ${kind.name}, ${RECEIVER_COUNT} receivers`;
    return `Resident memory, ${what}:\n\n${table(['after minutes', 'stage'], rows)}`;
  });
}
