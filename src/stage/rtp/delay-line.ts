import type { Paced, PaceTicker } from './pace-ticker.ts';

export interface DelayLineOptions {
  readonly delayMs: number;
  readonly onDue: (packet: Buffer, nowMs: number) => void;
  readonly ticker: Pick<PaceTicker, 'add' | 'remove'>;
}

interface Held {
  readonly packet: Buffer;
  readonly dueMs: number;
}

/** Holds every packet back for the same time; order is kept. */
export class DelayLine implements Paced {
  readonly #options: DelayLineOptions;
  #held: Held[] = [];

  constructor(options: DelayLineOptions) {
    this.#options = options;
  }

  push(packet: Buffer, nowMs: number): void {
    if (this.#held.length === 0) this.#options.ticker.add(this);
    this.#held.push({ packet, dueMs: nowMs + this.#options.delayMs });
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
