import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { namespaceName, type Place } from '../support/bed/namespaces.ts';
import { bedOwner } from '../support/bed/place.ts';

export interface Usage {
  /** Since the process began, in seconds of one core. */
  readonly cpuSec: number;
  readonly residentMib: number;
}

/** Clock ticks per second in /proc, proc(5). */
const TICKS_PER_SEC = 100;

/** Sum over processes; those that ended count as nothing. */
export function usageOf(pids: readonly number[]): Usage {
  const each = pids.map(usageOfOne);
  return {
    cpuSec: sum(each.map(one => one.cpuSec)),
    residentMib: sum(each.map(one => one.residentMib)),
  };
}

/** All processes in a place of the bed. */
export function pidsIn(place: Place): number[] {
  const name = namespaceName(bedOwner(), place);
  const pids = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
  return pids.split('\n').filter(Boolean).map(Number);
}

/** How busy the whole machine was, in seconds of one core since it booted. */
export function machineBusySec(): number {
  const [, user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8').split(/\s+/);
  return sum([user, nice, system, irq, softirq].map(Number)) / TICKS_PER_SEC;
}

function usageOfOne(pid: number): Usage {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const residentKib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    return { cpuSec: ticks / TICKS_PER_SEC, residentMib: residentKib / 1024 };
  } catch {
    return { cpuSec: 0, residentMib: 0 }; // It ended.
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
