/** Tries to join again until it works: soon at first, later each time. */
import type { LossCause } from './trouble.ts';

export interface RetriesOptions {
  /** Whether the server answers at all; quick, and never rejects. */
  readonly probe: () => Promise<boolean>;
  /** Joins. Rejects when it could not. */
  readonly attempt: () => Promise<void>;
  readonly onTry: () => void;
  readonly onWait: (cause: LossCause, untilMs: number) => void;
}

const FIRST_DELAY_MS = 500;
/** Short, where nobody is burdened with it: a line that is back is found soon. */
const MAX_DELAY_MS: Readonly<Record<LossCause, number>> = { unreachable: 3_000, refused: 10_000 };
const GROWTH = 1.8;
/** Pages that lost the same server at the same time do not come back at the same time. */
const SPREAD = 0.3;

/** @param chance between 0 and 1 */
export function retryDelayMs(triesBefore: number, cause: LossCause, chance: number): number {
  const grownMs = Math.min(FIRST_DELAY_MS * GROWTH ** triesBefore, MAX_DELAY_MS[cause]);
  return Math.round(grownMs * (1 + SPREAD * (2 * chance - 1)));
}

export class Retries {
  readonly #options: RetriesOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  /** Counts what was begun and ended, so that what an older try still says is not heard. */
  #round = 0;

  constructor(options: RetriesOptions) {
    this.#options = options;
  }

  begin(): void {
    this.stop();
    this.#tries = 0;
    const delayMs = retryDelayMs(0, 'unreachable', Math.random());
    this.#timer = setTimeout(() => void this.#try(), delayMs);
  }

  /** Without waiting any longer; nothing where nothing is waited for. */
  now(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    void this.#try();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#round += 1;
  }

  async #try(): Promise<void> {
    this.#timer = undefined;
    const round = ++this.#round;
    this.#options.onTry();
    const cause = await this.#failure();
    if (cause === undefined || round !== this.#round) return;
    this.#tries += 1;
    const delayMs = retryDelayMs(this.#tries, cause, Math.random());
    this.#options.onWait(cause, Date.now() + delayMs);
    this.#timer = setTimeout(() => void this.#try(), delayMs);
  }

  async #failure(): Promise<LossCause | undefined> {
    if (!(await this.#options.probe())) return 'unreachable';
    try {
      await this.#options.attempt();
      return undefined;
    } catch {
      return 'refused'; // why, the gateway's log says; here it is only tried again
    }
  }
}
