import { pause } from '../call/bench.ts';
import { progress, quantile, table } from '../table.ts';
import type { PictureKind } from './clips.ts';
import { measureFloor, type Pace } from './floor.ts';
import { RECEIVERS, withHall } from './hall.ts';
import { measureUsage, type StageUsage } from './stage-usage.ts';

/** Until the code is compiled that runs all the time. */
const WARM_UP_MS = 8_000;
const SETTLE_MS = 2_500;
const INTERVAL_MS = 40;
/** Tiles, where there are more cameras than that. */
const VISIBLE = 4;
const PACES: readonly Pace[] = ['at once', 'in time'];

export interface CostOptions {
  readonly counts: readonly number[];
  readonly rounds: number;
  readonly nodeOptions: readonly string[];
}

/** One picture composed of more and more cameras, beside a plain `ffmpeg`, turn by turn. */
export async function measureCost(
  kinds: readonly { readonly kind: PictureKind; readonly files: readonly string[] }[],
  options: CostOptions,
): Promise<string> {
  const rows: string[][] = [];
  for (const { kind, files } of kinds)
    for (const count of options.counts) rows.push(await compare(kind, files, count, options));
  const head = ['inputs', 'stage', 'of it packets', 'decode, compose', 'encode', 'pictures'];
  return [
    'Share of one core (CPU seconds for a second of video), one 720p25 picture for one receiver:',
    table([...head, ...PACES.flatMap(pace => [`ffmpeg ${pace}`, 'stage / it'])], rows),
  ].join('\n\n');
}

function compare(
  kind: PictureKind,
  files: readonly string[],
  count: number,
  { rounds, nodeOptions }: CostOptions,
): Promise<string[]> {
  return withHall(async hall => {
    await hall.play(files, count, INTERVAL_MS);
    await hall.addReceiver('watcher', RECEIVERS['720p25']);
    await pause(WARM_UP_MS);
    const ours: StageUsage[] = [];
    const floor = { kind, files, inputs: count };
    const floors = PACES.map((): number[] => []);
    for (let round = 0; round < rounds; round += 1) {
      progress(`${count} × ${kind.name}, round ${round + 1} of ${rounds}`);
      ours.push(await measureUsage(hall));
      for (const [index, pace] of PACES.entries())
        floors[index]?.push(await hall.whileStopped(() => measureFloor(floor, pace)));
      await pause(SETTLE_MS);
    }
    const stage = medianOf(ours, 'total');
    return [
      `${count} × ${kind.name}`,
      inCores(stage),
      ...(['main', 'composing', 'encoding'] as const).map(part => inCores(medianOf(ours, part))),
      `${medianOf(ours, 'picturesPerSec').toFixed(1)} / s`,
      ...floors.flatMap(measured => {
        const ffmpeg = quantile(measured, 0.5);
        return [inCores(ffmpeg), (stage / ffmpeg).toFixed(2)];
      }),
    ];
  }, nodeOptions);
}

function medianOf(usages: readonly StageUsage[], field: keyof StageUsage): number {
  return quantile(
    usages.map(usage => usage[field]),
    0.5,
  );
}

function inCores(share: number): string {
  return share.toFixed(3);
}

/** Who watches besides the first receiver; measured in turns. */
const MORE: Record<string, readonly (readonly [id: string, group: keyof typeof RECEIVERS])[]> = {
  'one 720p25 receiver': [],
  'and one of a 448p25 group': [['second', '448p25']],
  'and one of a CIF group': [['second', 'CIF']],
  'and 23 more of the same group': Array.from({ length: 23 }, (_, n) => [`r${n}`, '720p25']),
};

/** What a second group and more receivers add. */
export function measureExtras(
  kind: PictureKind,
  files: readonly string[],
  inputs: number,
  { rounds, nodeOptions }: CostOptions,
): Promise<string> {
  return withHall(async hall => {
    await hall.play(files, inputs, INTERVAL_MS);
    await hall.addReceiver('watcher', RECEIVERS['720p25']);
    await pause(WARM_UP_MS);
    const names = Object.keys(MORE);
    const usages = new Map<string, StageUsage[]>(names.map(name => [name, []]));
    for (let round = 0; round < rounds; round += 1)
      for (const name of names) {
        progress(`${name}, round ${round + 1} of ${rounds}`);
        const more = MORE[name] ?? [];
        for (const [id, group] of more) await hall.addReceiver(id, RECEIVERS[group]);
        await pause(SETTLE_MS);
        usages.get(name)?.push(await measureUsage(hall));
        for (const [id] of more) await hall.removeReceiver(id);
      }
    const alone = medianOf(usages.get(names[0] ?? '') ?? [], 'total');
    const rows = names.map(name => {
      const measured = usages.get(name) ?? [];
      const total = medianOf(measured, 'total');
      const added = Math.max(1, MORE[name]?.length ?? 0);
      const each = name === names[0] ? '' : inCores((total - alone) / added);
      const pictures = medianOf(measured, 'picturesPerSec');
      return [name, inCores(total), each, `${pictures.toFixed(0)} / s`];
    });
    const head = [`${inputs} × ${kind.name}`, 'stage', 'more for each', 'pictures sent'];
    return table(head, rows);
  }, nodeOptions);
}

/** What cameras cost that nobody sees: they are not decoded, but their packets come. */
export async function measureInvisible(
  kind: PictureKind,
  files: readonly string[],
  counts: readonly number[],
  { rounds, nodeOptions }: CostOptions,
): Promise<string> {
  const rows: string[][] = [];
  let before: number | undefined;
  for (const count of counts) {
    progress(`${VISIBLE} of ${count} × ${kind.name}`);
    const usages = await withHall(async hall => {
      await hall.play(files, count, INTERVAL_MS, VISIBLE);
      await hall.addReceiver('watcher', RECEIVERS['720p25']);
      await pause(WARM_UP_MS);
      const measured: StageUsage[] = [];
      for (let round = 0; round < rounds; round += 1) measured.push(await measureUsage(hall));
      return measured;
    }, nodeOptions);
    const total = medianOf(usages, 'total');
    before ??= total;
    const added = count - VISIBLE;
    rows.push([
      `${VISIBLE} of ${count} × ${kind.name}`,
      inCores(total),
      ...(['main', 'composing', 'encoding'] as const).map(part => inCores(medianOf(usages, part))),
      added > 0 ? ((total - before) / added).toFixed(4) : '',
    ]);
  }
  const head = ['seen', 'stage', 'of it packets', 'decode, compose', 'encode', 'more for each'];
  return table(head, rows);
}
