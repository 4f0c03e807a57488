import type { Logger } from 'pino';

const INTERVAL_MS = 10_000;

/** Logs a connection's refused frames, at most one line in ten seconds; the line says how many. */
export class RefusalLog {
  readonly #log: Logger;
  readonly #nowMs: () => number;
  #loggedAtMs = Number.NEGATIVE_INFINITY;
  #unlogged = 0;
  #last: { reason: string; participantId: string | undefined } | undefined;

  constructor(log: Logger, nowMs: () => number = Date.now) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  add(reason: string, participantId: string | undefined): void {
    this.#unlogged += 1;
    this.#last = { reason, participantId };
    if (this.#nowMs() - this.#loggedAtMs >= INTERVAL_MS) this.flush();
  }

  /** Writes what was held back. */
  flush(): void {
    if (this.#unlogged === 0) return;
    this.#log.warn({ ...this.#last, count: this.#unlogged }, 'browser frame refused');
    this.#loggedAtMs = this.#nowMs();
    this.#unlogged = 0;
  }
}
