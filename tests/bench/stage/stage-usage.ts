import { readdirSync, readFileSync } from 'node:fs';
import { pause } from '../call/bench.ts';
import type { Hall } from './hall.ts';

/** Share of one core, by the kind of thread. */
export interface StageUsage {
  readonly total: number;
  /** Packets and decisions. */
  readonly main: number;
  /** Decodes and composes. */
  readonly composing: number;
  /** FFmpeg's work on libuv's pool: encodes. */
  readonly encoding: number;
  /** Pictures a second that the receivers got, of all of them together. */
  readonly picturesPerSec: number;
}

const TICKS_PER_SEC = 100;
const WINDOW_MS = 6_000;

/** What the stage takes while nothing changes. */
export async function measureUsage(hall: Hall): Promise<StageUsage> {
  const before = await snapshot(hall);
  await pause(WINDOW_MS);
  const after = await snapshot(hall);
  const sec = (after.atMs - before.atMs) / 1000;
  const share = (kind: ThreadKind) =>
    ((after.ticks.get(kind) ?? 0) - (before.ticks.get(kind) ?? 0)) / TICKS_PER_SEC / sec;
  const [main, composing, encoding, rest] = KINDS.map(share) as [number, number, number, number];
  return {
    total: main + composing + encoding + rest,
    main,
    composing,
    encoding,
    picturesPerSec: (after.pictures - before.pictures) / sec,
  };
}

const KINDS = ['main', 'composing', 'encoding', 'rest'] as const;
type ThreadKind = (typeof KINDS)[number];

async function snapshot(hall: Hall) {
  const { pictures } = await hall.received();
  return { atMs: performance.now(), ticks: threadTicks(hall.stagePid), pictures };
}

/** CPU time of all threads, by their names as Node gives them; proc(5). */
function threadTicks(pid: number): Map<ThreadKind, number> {
  const ticks = new Map<ThreadKind, number>();
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const kind = Number(tid) === pid ? 'main' : kindOf(name);
    ticks.set(kind, (ticks.get(kind) ?? 0) + Number(fields[11]) + Number(fields[12]));
  }
  return ticks;
}

function kindOf(threadName: string): ThreadKind {
  if (threadName.startsWith('libuv')) return 'encoding';
  return threadName.includes('V8') ? 'rest' : 'composing';
}
