import { table } from '../table.ts';
import type { PageFigures } from './figures.ts';

export interface Round {
  readonly name: string;
  readonly round: number;
  readonly figures: PageFigures;
}

type Cell = (figures: PageFigures) => string;

const cores = (read: (figures: PageFigures) => number): Cell => {
  return figures => read(figures).toFixed(3);
};

/** Shares of one core, by the browser's counters and by the kernel's; then what came of it. */
const COLUMNS: Readonly<Record<string, Cell>> = {
  'main thread': cores(({ taskCores }) => taskCores),
  'of it script': cores(({ scriptCores }) => scriptCores),
  'layout, style': cores(({ layoutCores }) => layoutCores),
  renderer: cores(figures => figures.cores.renderer),
  GPU: cores(figures => figures.cores['gpu-process']),
  utility: cores(figures => figures.cores.utility),
  'all of Chromium': cores(allCores),
  machine: ({ machineCores }) => machineCores.toFixed(2),
  pictures: ({ pictures, fpsPerPicture }) => `${pictures} × ${fpsPerPicture.toFixed(1)} / s`,
  'dropped, not shown, lost': ({ framesDropped, framesNotShown, packetsLost }) =>
    `${framesDropped}, ${framesNotShown}, ${packetsLost}`,
  'heap, resident': ({ heapMib, residentMib }) =>
    `${heapMib.toFixed(1)}, ${residentMib.toFixed(0)} MiB`,
};

/** A row for each page in each round, and how the first page stands to the others. */
export function describeRounds(rounds: readonly Round[]): string {
  const head = ['page, round', ...Object.keys(COLUMNS)];
  const rows = rounds.map(({ name, round, figures }) => [
    `${name}, ${round}`,
    ...Object.values(COLUMNS).map(cell => cell(figures)),
  ]);
  const [first, ...others] = [...new Set(rounds.map(({ name }) => name))];
  const ratios = others.map(other => {
    const ratio = coresOf(rounds, first ?? '') / coresOf(rounds, other);
    return `${first} / ${other}: ${ratio.toFixed(2)} × the CPU of all of Chromium`;
  });
  return ['Shares of one core:', table(head, rows), ...ratios].join('\n\n');
}

function allCores({ cores: of }: PageFigures): number {
  return Object.values(of).reduce((sum, share) => sum + share, 0);
}

/** Over all rounds. */
function coresOf(rounds: readonly Round[], name: string): number {
  const own = rounds.filter(round => round.name === name);
  return own.reduce((sum, { figures }) => sum + allCores(figures), 0) / own.length;
}
