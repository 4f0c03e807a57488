import type { Clock } from '../ports.ts';

export interface EntryRules {
  /** An entry is complete when no key follows for this long. */
  readonly pauseMs: number;
  /** How long the first key is waited for. */
  readonly patienceMs: number;
  /** More keys than this are not taken. */
  readonly maxLength: number;
}

/** Keys as they are typed: `#` completes, `*` begins anew. */
export class Entry {
  readonly #rules: EntryRules;
  readonly #clock: Clock;
  readonly #onTyped: (typed: string) => void;
  #typed = '';
  #wake: () => void = () => undefined;
  #isComplete = false;

  /** @param onTyped told of each change of what stands there */
  constructor(rules: EntryRules, clock: Clock, onTyped: (typed: string) => void) {
    this.#rules = rules;
    this.#clock = clock;
    this.#onTyped = onTyped;
  }

  press(key: string): void {
    if (key === '#' && this.#typed !== '') this.#isComplete = true;
    else if (key === '*') this.#type('');
    else if (/^\d$/.test(key) && this.#typed.length < this.#rules.maxLength)
      this.#type(this.#typed + key);
    this.#wake();
  }

  /** What was typed; undefined when nobody typed anything. Rejects when `signal` fires. */
  async read(signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      if (this.#isComplete) return this.#typed;
      const isPressed = await this.#nextKey(signal);
      if (!isPressed) return this.#typed || undefined;
    }
  }

  #type(typed: string): void {
    this.#typed = typed;
    this.#onTyped(typed);
  }

  /** True when a key came in time. */
  async #nextKey(signal: AbortSignal): Promise<boolean> {
    const timer = new AbortController();
    const pressed = new Promise<true>(resolve => {
      this.#wake = () => resolve(true);
    });
    const waitMs = this.#typed ? this.#rules.pauseMs : this.#rules.patienceMs;
    const stop = AbortSignal.any([signal, timer.signal]);
    try {
      return await Promise.race([pressed, this.#clock.sleep(waitMs, stop).then(() => false)]);
    } finally {
      timer.abort(new Error('key came'));
    }
  }
}
