import { pause } from '../call/bench.ts';
import { progress, quantile, table, wholeMs } from '../table.ts';
import type { PictureKind } from './clips.ts';
import { Eye } from './eye.ts';
import { type Hall, RECEIVERS, withHall } from './hall.ts';

const CAMERAS = 4;
const INTERVAL_MS = 40;
const WARM_UP_MS = 8_000;
const SWITCHES = 40;
/** Not a multiple of a picture, so that switches come at every moment between two of them. */
const APART_MS = 1_013;
const WHITE_LUMA = 180;
const DARK_LUMA = 130;
/** In the large place of `speaker`, and in the middle of `full`. */
const LARGE = { x: 0.5, y: 0.4 };
const LAYOUTS = { speaker: 'composed', full: 'passed on' } as const;

/** From the order that somebody else speaks to the picture of that one, large, at a receiver. */
export async function measureSwitch(
  kind: PictureKind,
  clips: { readonly dark: string; readonly white: string },
): Promise<string> {
  const rows: string[][] = [];
  for (const [layout, what] of Object.entries(LAYOUTS)) {
    progress(`the speaker changes, ${what}`);
    const times = await withHall(hall => timesOf(hall, clips, layout as keyof typeof LAYOUTS));
    const at = (share: number) => wholeMs(quantile(times, share));
    rows.push([`${layout} (${what})`, `${times.length}`, at(0.5), at(0.95), at(1)]);
  }
  return [
    `From the order that another of ${CAMERAS} × ${kind.name} speaks to that camera, large, decoded at a receiver:`,
    table(['layout', 'switches', 'p50', 'p95', 'slowest'], rows),
  ].join('\n\n');
}

async function timesOf(
  hall: Hall,
  { dark, white }: { readonly dark: string; readonly white: string },
  layout: keyof typeof LAYOUTS,
): Promise<number[]> {
  const times: number[] = [];
  let asked: { readonly atMs: number; readonly isWhite: boolean } | undefined;
  const eye = await Eye.open(LARGE, (brightness, atMs) => {
    const isThere = asked?.isWhite ? brightness > WHITE_LUMA : brightness < DARK_LUMA;
    if (!asked || !isThere) return;
    times.push(atMs - asked.atMs);
    asked = undefined;
  });
  try {
    await hall.play([dark, white], CAMERAS, INTERVAL_MS);
    await hall.layOut({ layout });
    await hall.speak(0);
    await hall.addReceiver('watcher', RECEIVERS['720p25'], eye.ports);
    await pause(WARM_UP_MS);
    for (let turn = 1; turn <= SWITCHES; turn += 1) {
      asked = { atMs: Date.now(), isWhite: turn % 2 === 1 };
      await hall.speak(turn % CAMERAS);
      await pause(APART_MS);
    }
    return times;
  } finally {
    eye.close();
  }
}
