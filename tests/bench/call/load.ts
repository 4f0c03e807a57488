import type { ReceivedCount } from '../../support/sip-phone/media-stream.ts';
import { machineBusySec, pidsIn, type Usage, usageOf } from '../processes.ts';
import { progress, table } from '../table.ts';
import { type CallBench, ENGINES, engineUsage, hangUpAll, haveCodecs, pause } from './bench.ts';
import type { ReceivedReport } from './codecs-contract.ts';

const COUNTS = [1, 6, 12, 24];
const SETTLE_MS = 5000;
const WINDOW_MS = 15_000;

interface LoadRow {
  readonly count: number;
  readonly cores: readonly number[];
  readonly residentMib: readonly number[];
  readonly browserCores: number;
  readonly codecCores: number;
  readonly machineCores: number;
  readonly browserFps: number;
  readonly browserLostPct: number;
  readonly codecsLostPct: number;
  readonly codecsLatePct: number;
}

/** What each process costs with more and more codecs in one conference, a laptop watching all. */
export async function measureLoad(bench: CallBench): Promise<string> {
  const rows: LoadRow[] = [];
  for (const count of COUNTS) {
    progress(`load of ${count} codecs`);
    await haveCodecs(bench, count);
    for (let codec = 0; codec < count; codec += 1) {
      await bench.codecs.call(codec, bench.conference.number);
    }
    await pause(SETTLE_MS);
    rows.push(await measure(bench, count));
    await hangUpAll(bench);
    await pause(SETTLE_MS);
  }
  return [
    'Share of one core, and resident memory:',
    table(['codecs', ...ENGINES], rows.map(engineCells)),
    'The others on the same machine, and what arrived:',
    table(
      [
        'codecs',
        'browser',
        'simulated codecs',
        'machine (all)',
        'frames per picture in the browser',
        'lost to the browser',
        'lost to the codecs',
        'out of order',
      ],
      rows.map(otherCells),
    ),
  ].join('\n\n');
}

function engineCells({ count, cores, residentMib }: LoadRow): string[] {
  const cells = ENGINES.map(
    (_, at) => `${cores[at]?.toFixed(2)}, ${residentMib[at]?.toFixed(0)} MiB`,
  );
  return [String(count), ...cells];
}

function otherCells(row: LoadRow): string[] {
  return [
    String(row.count),
    row.browserCores.toFixed(2),
    row.codecCores.toFixed(2),
    row.machineCores.toFixed(2),
    `${row.browserFps.toFixed(1)} / s`,
    `${row.browserLostPct.toFixed(2)} %`,
    `${row.codecsLostPct.toFixed(2)} %`,
    `${row.codecsLatePct.toFixed(2)} %`,
  ];
}

async function measure(bench: CallBench, count: number): Promise<LoadRow> {
  const before = await snapshot(bench);
  await pause(WINDOW_MS);
  const after = await snapshot(bench);
  const seconds = (after.atMs - before.atMs) / 1000;
  const cores = (later: Usage, earlier: Usage) => (later.cpuSec - earlier.cpuSec) / seconds;
  const delta = (name: 'framesDecoded' | 'packetsReceived' | 'packetsLost') =>
    after.pictures[name] - before.pictures[name];
  const received = (field: keyof ReceivedCount) =>
    sumOf(after.received, field) - sumOf(before.received, field);
  return {
    count,
    cores: ENGINES.map((_, at) => cores(after.engines[at] ?? NONE, before.engines[at] ?? NONE)),
    residentMib: after.engines.map(({ residentMib }) => residentMib),
    browserCores: cores(after.browser, before.browser),
    codecCores: cores(after.codecs, before.codecs),
    machineCores: (after.busySec - before.busySec) / seconds,
    browserFps: delta('framesDecoded') / count / seconds,
    browserLostPct: percent(delta('packetsLost'), delta('packetsReceived')),
    codecsLostPct: percent(received('lost'), received('packets')),
    codecsLatePct: percent(received('late'), received('packets') - received('late')),
  };
}

const NONE: Usage = { cpuSec: 0, residentMib: 0 };

async function snapshot({ system, codecs, watcher }: CallBench) {
  const [pictures, received] = await Promise.all([watcher.pictures(), codecs.received()]);
  return {
    atMs: performance.now(),
    engines: engineUsage({ system }),
    browser: usageOf(pidsIn('office')),
    codecs: usageOf([codecs.pid]),
    busySec: machineBusySec(),
    pictures,
    received,
  };
}

function sumOf({ audio, video }: ReceivedReport, field: keyof ReceivedCount): number {
  return audio[field] + video[field];
}

function percent(lost: number, arrived: number): number {
  return (100 * lost) / Math.max(1, lost + arrived);
}
