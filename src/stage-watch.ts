import type { Clock, StagePort } from './calls/ports.ts';
import type { StageResult } from './contract/stage.ts';

export type StageStatus = StageResult<'stage.status'>;

/** Below the patience of those who ask for our health. */
const STATUS_TIMEOUT_MS = 1000;
const MAX_AGE_MS = 1000;

/** What the stage holds, asked once a second at most: anybody may ask for our health, as often as they like. */
export class StageWatch {
  readonly #stage: StagePort;
  readonly #clock: Clock;
  #asked: { readonly atMs: number; readonly status: Promise<StageStatus | undefined> } | undefined;

  constructor(stage: StagePort, clock: Clock) {
    this.#stage = stage;
    this.#clock = clock;
  }

  /** Undefined when the stage is away or does not say in time. */
  async status(): Promise<StageStatus | undefined> {
    if (!this.#stage.health().ok) return undefined;
    const nowMs = this.#clock.now();
    // Either way: the clock may have been set back.
    if (!this.#asked || Math.abs(nowMs - this.#asked.atMs) >= MAX_AGE_MS)
      this.#asked = { atMs: nowMs, status: this.#ask() };
    return this.#asked.status;
  }

  #ask(): Promise<StageStatus | undefined> {
    const signal = AbortSignal.timeout(STATUS_TIMEOUT_MS);
    return this.#stage.request('stage.status', {}, signal).catch(() => undefined); // told as unknown
  }
}
