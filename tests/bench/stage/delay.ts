import { pause } from '../call/bench.ts';
import { progress, quantile, table, wholeMs } from '../table.ts';
import type { PictureKind } from './clips.ts';
import { Eye } from './eye.ts';
import { type Hall, RECEIVERS, withHall } from './hall.ts';

const WARM_UP_MS = 8_000;
const MEASURED_MS = 60_000;
/** Not the stage's own, so that flashes come at every moment between two of its pictures. */
const INTERVAL_MS = 40.7;
const WHITE_LUMA = 180;
const DARK_LUMA = 130;

/** From a flash sent by a camera to the flash in the decoded picture of a receiver. */
export async function measureDelay(
  kind: PictureKind,
  clips: { readonly flash: string; readonly others: readonly string[] },
  counts: readonly number[],
): Promise<string> {
  const rows: string[][] = [];
  for (const count of counts) {
    const name = count === 1 ? `1 × ${kind.name}, passed on` : `${count} × ${kind.name}, composed`;
    progress(`flashes of one in ${name}`);
    const delays = await withHall(hall => delaysOf(hall, clips, count));
    const at = (share: number) => wholeMs(quantile(delays, share));
    rows.push([name, `${delays.length}`, at(0.5), at(0.95), at(1)]);
  }
  return [
    'From the first packet of a white picture, as the camera sends it, to that picture decoded at a receiver.',
    'It includes a large picture spread over its time by the stage and the wait for the next picture to be',
    'composed; it does not include a camera, its encoder and the network, nor a display:',
    '',
    table(['inputs', 'flashes', 'p50', 'p95', 'slowest'], rows),
  ].join('\n');
}

async function delaysOf(
  hall: Hall,
  { flash, others }: { readonly flash: string; readonly others: readonly string[] },
  count: number,
): Promise<number[]> {
  const files = Array.from({ length: count }, (_, n) =>
    n === 0 ? flash : (others[n % others.length] ?? ''),
  );
  const middle = 0.5 / Math.ceil(Math.sqrt(count)); // of the first tile
  let wasDark = false;
  const delays: number[] = [];
  let sentAtMs: number | undefined;
  hall.onFlash = atMs => {
    sentAtMs = atMs;
  };
  const eye = await Eye.open({ x: middle, y: middle }, (brightness, atMs) => {
    const isFlash = brightness > WHITE_LUMA && wasDark;
    if (isFlash && sentAtMs !== undefined) delays.push(atMs - sentAtMs);
    if (isFlash) sentAtMs = undefined;
    if (brightness < DARK_LUMA) wasDark = true;
    else if (brightness > WHITE_LUMA) wasDark = false;
  });
  try {
    await hall.play(files, count, INTERVAL_MS);
    // A grid has a place for who watches too: one camera would not be alone in it.
    if (count === 1) await hall.layOut({ layout: 'full' });
    await hall.addReceiver('watcher', RECEIVERS['720p25'], eye.ports);
    await pause(WARM_UP_MS);
    delays.length = 0;
    await pause(MEASURED_MS);
    return delays;
  } finally {
    eye.close();
  }
}
