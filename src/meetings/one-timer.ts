import type { Clock } from '../calls/ports.ts';

/** Does one thing later; setting it anew forgets the last. */
export class OneTimer {
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #over: AbortSignal;
  #armed = new AbortController();

  /** @param over nothing is done any more once this has fired */
  constructor(clock: Pick<Clock, 'sleep'>, over: AbortSignal) {
    this.#clock = clock;
    this.#over = over;
  }

  set(waitMs: number, act: () => void): void {
    this.clear();
    const signal = AbortSignal.any([this.#armed.signal, this.#over]);
    this.#clock.sleep(waitMs, signal).then(act, () => undefined); // set anew, or over
  }

  clear(): void {
    this.#armed.abort();
    this.#armed = new AbortController();
  }
}
