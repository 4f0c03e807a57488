/** Share of the budget above which something is given up, and below which it comes back. */
const OVER = 1;
const UNDER = 0.7;
/** So long it has to be too much, or little enough: the start of an encoder is no overload. */
const OVER_MS = 3_000;
const UNDER_MS = 15_000;
/** The same of the whole machine, whoever has it to do: sound is mixed on these cores too. */
const MACHINE_FULL = 0.95;
const MACHINE_ROOMY = 0.85;
/**
 * Share of the budget below which the stage is not what fills the machine: giving up pictures
 * would not help.
 */
const OWN_PART = 0.25;
/** Nobody is refused a picture for what others take. */
const LOWEST_FOR_OTHERS = 2;

/** What is given up: nothing, half of the frame rate, also the size of pictures, also new canvases. */
export type BudgetLevel = 0 | 1 | 2 | 3;

const LEVELS: readonly BudgetLevel[] = [0, 1, 2, 3];

/** What was measured since the last time. */
export interface CpuUse {
  /** By the stage. */
  readonly coresUsed: number;
  /** Share of all cores that was busy, 0 to 1; undefined where the system does not tell. */
  readonly machineBusy?: number | undefined;
}

/**
 * Keeps the stage within the cores it may take, and leaves some to others where the machine is
 * full: gives up step by step, and takes back slowly.
 */
export class CpuBudget {
  readonly #cores: number;
  #level: BudgetLevel = 0;
  #used = 0;
  #overSinceMs: number | undefined;
  #underSinceMs: number | undefined;

  /** @param cores that the stage may take */
  constructor(cores: number) {
    this.#cores = cores;
  }

  get level(): BudgetLevel {
    return this.#level;
  }

  /** Share of the budget that was used lately. */
  get used(): number {
    return this.#used;
  }

  /** Returns whether the level changed. */
  measured({ coresUsed, machineBusy = 0 }: CpuUse, nowMs: number): boolean {
    this.#used = coresUsed / this.#cores;
    const isCrowded = machineBusy > MACHINE_FULL && this.#used > OWN_PART;
    const isOver = this.#used > OVER || (isCrowded && this.#level < LOWEST_FOR_OTHERS);
    // Who has little to do itself waits for nobody: what it gave up did not make the machine free.
    const hasRoom = machineBusy < MACHINE_ROOMY || this.#used < OWN_PART;
    const isUnder = this.#used < UNDER && hasRoom;
    this.#overSinceMs = isOver ? (this.#overSinceMs ?? nowMs) : undefined;
    this.#underSinceMs = isUnder ? (this.#underSinceMs ?? nowMs) : undefined;
    if (nowMs - (this.#overSinceMs ?? nowMs) >= OVER_MS) return this.#go(1);
    if (nowMs - (this.#underSinceMs ?? nowMs) >= UNDER_MS) return this.#go(-1);
    return false;
  }

  #go(step: 1 | -1): boolean {
    this.#overSinceMs = undefined;
    this.#underSinceMs = undefined;
    const next = LEVELS[this.#level + step];
    if (next === undefined) return false;
    this.#level = next;
    return true;
  }
}
