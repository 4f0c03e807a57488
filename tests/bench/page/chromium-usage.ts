import { readFileSync } from 'node:fs';
import { pidsIn, type Usage, usageOf } from '../processes.ts';

/** Chromium's processes by what they do; the zygotes are not worth a name. */
const KINDS = ['renderer', 'gpu-process', 'utility', 'browser'] as const;
export type ProcessKind = (typeof KINDS)[number];

export type ChromiumUsage = Readonly<Record<ProcessKind, Usage>>;

/** Of the only Chromium among the browsers. */
export function chromiumUsage(): ChromiumUsage {
  const pids = pidsIn('office').map(pid => ({ pid, kind: kindOf(pid) }));
  const of = (kind: ProcessKind) =>
    usageOf(pids.filter(one => one.kind === kind).map(({ pid }) => pid));
  return {
    renderer: of('renderer'),
    'gpu-process': of('gpu-process'),
    utility: of('utility'),
    browser: of('browser'),
  };
}

/** Between two looks. */
export function cpuSecBetween(before: ChromiumUsage, after: ChromiumUsage, kind: ProcessKind) {
  return after[kind].cpuSec - before[kind].cpuSec;
}

function kindOf(pid: number): ProcessKind | undefined {
  const command = commandOf(pid);
  if (!command.includes('chrom')) return undefined;
  const [, type = 'browser'] = /--type=([\w-]+)/.exec(command) ?? [];
  return KINDS.find(kind => kind === type);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // It ended.
  }
}
