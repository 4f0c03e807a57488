import type { Paced, PaceTicker } from './pace-ticker.ts';

export interface DelayLineOptions {
  /** Asked for each packet. */
  readonly delayMs: () => number;
  readonly onDue: (packet: Buffer, nowMs: number) => void;
  readonly ticker: Pick<PaceTicker, 'add' | 'remove'>;
}

interface Held {
  readonly packet: Buffer;
  readonly dueMs: number;
}

/** Holds packets back for some time; order is kept, also when that time becomes shorter. */
export class DelayLine implements Paced {
  readonly #options: DelayLineOptions;
  #held: Held[] = [];

  constructor(options: DelayLineOptions) {
    this.#options = options;
  }

  push(packet: Buffer, nowMs: number): void {
    if (this.#held.length === 0) this.#options.ticker.add(this);
    const lastMs = this.#held.at(-1)?.dueMs ?? 0;
    this.#held.push({ packet, dueMs: Math.max(lastMs, nowMs + this.#options.delayMs()) });
  }

  tick(nowMs: number): boolean {
    const due = this.#held.findIndex(({ dueMs }) => dueMs > nowMs);
    const released = this.#held.splice(0, due < 0 ? this.#held.length : due);
    for (const { packet } of released) this.#options.onDue(packet, nowMs);
    return this.#held.length > 0;
  }

  /** What is held is not handed on any more. */
  clear(): void {
    this.#held = [];
    this.#options.ticker.remove(this);
  }
}
