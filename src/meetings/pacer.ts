import type { Clock } from '../calls/ports.ts';
import { abortable } from '../util/abort.ts';
import { SerialQueue } from '../util/serial-queue.ts';

export interface Pace {
  /** Calls under way at once. */
  readonly atOnce: number;
  /** Calls begun per second. */
  readonly perSecond: number;
}

/** Gives calls their turn, in the order they asked: so many at once, so many a second. */
export class Pacer {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #queue = new SerialQueue();
  #busy = 0;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #onFree: () => void = () => undefined;

  constructor(clock: Clock, pace: Pace) {
    this.#clock = clock;
    this.#pace = pace;
  }

  /**
   * Resolves when it is this one's turn, with what gives the turn back; safe to call twice.
   * Rejects when `signal` fires first.
   */
  turn(signal: AbortSignal): Promise<() => void> {
    const turn = this.#queue.run(() => this.#take(signal));
    return abortable(turn, signal).catch(err => {
      turn.then(release => release()).catch(() => undefined); // nobody wants it any more
      throw err;
    });
  }

  async #take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#busy >= this.#pace.atOnce) await abortable(this.#free(), signal);
    const waitMs = this.#nextAtMs - this.#clock.now();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
    this.#nextAtMs = this.#clock.now() + Math.ceil(1000 / this.#pace.perSecond);
    this.#busy += 1;
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      this.#busy -= 1;
      this.#onFree();
    };
  }

  /** Only the first in the queue waits. */
  #free(): Promise<void> {
    return new Promise(resolve => {
      this.#onFree = resolve;
    });
  }
}
