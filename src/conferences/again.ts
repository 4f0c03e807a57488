import type { Clock } from '../calls/ports.ts';

/** An engine that stumbled is asked again after this. */
const RETRY_MS = 3_000;

/** Does something again in a while, once however often it is wished; whoever made it closes it. */
export class Again {
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #work: () => void;
  readonly #closing = new AbortController();
  #isDue = false;

  constructor(clock: Pick<Clock, 'sleep'>, work: () => void) {
    this.#clock = clock;
    this.#work = work;
  }

  later(): void {
    if (this.#isDue || this.#closing.signal.aborted) return;
    this.#isDue = true;
    this.#clock.sleep(RETRY_MS, this.#closing.signal).then(
      () => {
        this.#isDue = false;
        this.#work();
      },
      () => undefined, // closed
    );
  }

  close(): void {
    this.#closing.abort(new Error('closed'));
  }
}
