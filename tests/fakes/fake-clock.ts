import type { Clock } from '../../src/calls/ports.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Time that moves only when a test moves it. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { dueMs: this.#nowMs + delayMs, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter(other => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Moves time and wakes in order whoever is due, letting each act before the next. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      await settle();
      const next = this.#sleepers
        .filter(sleeper => sleeper.dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.#nowMs = next.dueMs;
      this.#sleepers = this.#sleepers.filter(other => other !== next);
      next.wake();
    }
    this.#nowMs = untilMs;
    await settle();
  }

  /** How many wait now. */
  get sleeping(): number {
    return this.#sleepers.length;
  }
}

/** Lets everything that can go on without time go on. */
export function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
