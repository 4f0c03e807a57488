import { readFileSync } from 'node:fs';

/** Of all cores together since the machine was started, in clock ticks. */
interface Ticks {
  readonly busy: number;
  readonly all: number;
}

/** Tells how busy the machine was, all its cores and all that runs on them. */
export class MachineLoad {
  readonly #read: () => string;
  #before: Ticks | undefined;

  /** @param read `/proc/stat`; proc(5) */
  constructor(read: () => string = readProcStat) {
    this.#read = read;
    this.#before = ticksOf(read());
  }

  /** Share of all cores since the last call, 0 to 1; undefined where the system does not tell. */
  busySinceLast(): number | undefined {
    const before = this.#before;
    const now = ticksOf(this.#read());
    this.#before = now;
    if (!before || !now || now.all <= before.all) return undefined;
    return Math.min(1, Math.max(0, (now.busy - before.busy) / (now.all - before.all)));
  }
}

/** What waits for a disk leaves the core to others; what a host took away (steal) does not. */
function ticksOf(stat: string): Ticks | undefined {
  const [, line] = /^cpu +(.*)$/m.exec(stat) ?? [];
  const [user, nice, system, idle, ioWait, irq, softIrq, steal = 0] = (line ?? '')
    .split(' ')
    .map(Number);
  const busy = [user, nice, system, irq, softIrq, steal].reduce<number>(
    (sum, ticks) => sum + (ticks ?? Number.NaN),
    0,
  );
  const all = busy + (idle ?? Number.NaN) + (ioWait ?? Number.NaN);
  return Number.isFinite(all) ? { busy, all } : undefined;
}

function readProcStat(): string {
  try {
    return readFileSync('/proc/stat', 'utf8');
  } catch {
    return ''; // Another system than Linux: only the stage's own use counts there.
  }
}
