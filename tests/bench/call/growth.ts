import { isDeepStrictEqual } from 'node:util';
import { NOTHING, remainsOf } from '../../support/remains.ts';
import { waitFor } from '../../support/wait-for.ts';
import { progress, table } from '../table.ts';
import { type CallBench, ENGINES, engineUsage, haveCodecs, pause } from './bench.ts';

const AT_ONCE = 4;
const CALL_MS = 150;
const STEPS = 5;
const SETTLE_MS = 3000;
/** A laptop that vanished keeps its place for a while. */
const LEAVE_TIMEOUT_MS = 30_000;

/** Resident memory while calls come and go, and what is left of them. */
export async function measureGrowth(bench: CallBench, calls: number): Promise<string> {
  await haveCodecs(bench, AT_ONCE);
  const rows = [memoryRow(bench, 0)];
  for (let step = 1; step <= STEPS; step += 1) {
    const soFar = Math.round((calls * step) / STEPS);
    progress(`${soFar} of ${calls} calls`);
    await dialAndHangUp(bench, Math.round(calls / STEPS));
    await pause(SETTLE_MS);
    rows.push(memoryRow(bench, soFar));
  }
  return `Resident memory in MiB, ${AT_ONCE} calls at a time:\n\n${table(['after calls', ...ENGINES], rows)}`;
}

/** What the engines still hold a while after everybody has gone. */
export async function describeRemains({ system }: CallBench): Promise<string> {
  let remains: unknown;
  try {
    await waitFor(
      'the engines to be empty',
      async () => {
        remains = await remainsOf(system);
        return isDeepStrictEqual(remains, NOTHING);
      },
      LEAVE_TIMEOUT_MS,
    );
    return 'Afterwards nothing was left in any engine.';
  } catch {
    // Said instead of thrown, so that the figures above are not lost.
    return `LEFT BEHIND: ${JSON.stringify(remains)}`;
  }
}

async function dialAndHangUp({ codecs, conference }: CallBench, calls: number): Promise<void> {
  let begun = 0;
  const oneByOne = async (codec: number) => {
    while (begun < calls) {
      begun += 1;
      await codecs.call(codec, conference.number);
      await pause(CALL_MS);
      await codecs.hangUp(codec);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, codec) => oneByOne(codec)));
}

function memoryRow({ system }: CallBench, calls: number): string[] {
  const resident = engineUsage({ system }).map(({ residentMib }) => residentMib);
  return [String(calls), ...resident.map(mib => mib.toFixed(0))];
}
