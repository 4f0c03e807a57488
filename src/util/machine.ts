import { availableParallelism, cpus, freemem, totalmem } from 'node:os';

/** How the machine is, as the technician wants to see it. */
export interface MachineLoad {
  readonly cores: number;
  /** Of all cores together, over the last seconds, 0 to 1. */
  readonly cpuRatio: number;
  readonly memoryBytes: number;
  readonly memoryUsedBytes: number;
}

/** Between two looks at what the cores did. */
const INTERVAL_MS = 5_000;

interface CpuTimes {
  readonly busyMs: number;
  readonly allMs: number;
}

/** Looks at the cores now and then, so that there is an answer at once; keeps no process alive. */
export class MachineWatch {
  readonly #timer: NodeJS.Timeout;
  #before: CpuTimes = cpuTimes();
  #last: CpuTimes = this.#before;

  constructor() {
    this.#timer = setInterval(() => {
      this.#before = this.#last;
      this.#last = cpuTimes();
    }, INTERVAL_MS).unref();
  }

  load(): MachineLoad {
    return {
      cores: availableParallelism(),
      cpuRatio: busyRatio(this.#before, cpuTimes()),
      memoryBytes: totalmem(),
      memoryUsedBytes: totalmem() - freemem(),
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** Share of the time between that was not idle; 0 when no time has passed. */
export function busyRatio(from: CpuTimes, to: CpuTimes): number {
  const allMs = to.allMs - from.allMs;
  return allMs > 0 ? Math.min(1, Math.max(0, (to.busyMs - from.busyMs) / allMs)) : 0;
}

function cpuTimes(): CpuTimes {
  let busyMs = 0;
  let allMs = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    allMs += all;
    busyMs += all - times.idle;
  }
  return { busyMs, allMs };
}
