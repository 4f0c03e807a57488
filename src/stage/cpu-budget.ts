/** Share of the budget above which something is given up, and below which it comes back. */
const OVER = 1;
const UNDER = 0.7;
/** So long it has to be too much, or little enough: the start of an encoder is no overload. */
const OVER_MS = 3_000;
const UNDER_MS = 15_000;

/** What is given up: nothing, half of the frame rate, also the size of pictures, also new canvases. */
export type BudgetLevel = 0 | 1 | 2 | 3;

const LEVELS: readonly BudgetLevel[] = [0, 1, 2, 3];

/** Keeps the stage within the cores it may take: gives up step by step, and takes back slowly. */
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

  /** @param coresUsed since the last measurement. Returns whether the level changed. */
  measured(coresUsed: number, nowMs: number): boolean {
    this.#used = coresUsed / this.#cores;
    this.#overSinceMs = this.#used > OVER ? (this.#overSinceMs ?? nowMs) : undefined;
    this.#underSinceMs = this.#used < UNDER ? (this.#underSinceMs ?? nowMs) : undefined;
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
