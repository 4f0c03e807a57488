import { nowMs } from '../clock.ts';

/** As fine as is of use: a packet of 1200 bytes takes 5 ms at 2 Mbit/s. */
const TICK_INTERVAL_MS = 5;

/** Who has something to send when time passes. */
export interface Paced {
  /** False when nothing is left. */
  tick(nowMs: number): boolean;
}

/** One timer for all that is paced; it runs only while somebody waits. */
export class PaceTicker {
  readonly #waiting = new Set<Paced>();
  #timer: NodeJS.Timeout | undefined;

  /** Ticks it until it says that nothing is left. */
  add(paced: Paced): void {
    this.#waiting.add(paced);
    this.#timer ??= setInterval(() => this.#tick(nowMs()), TICK_INTERVAL_MS);
  }

  remove(paced: Paced): void {
    this.#waiting.delete(paced);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(atMs: number): void {
    for (const paced of this.#waiting) if (!paced.tick(atMs)) this.remove(paced);
  }
}

/** The process has one. */
export const paceTicker = new PaceTicker();
