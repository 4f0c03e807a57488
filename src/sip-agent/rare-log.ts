import type { Logger } from 'pino';

const INTERVAL_MS = 10_000;

/** Warns at most once in a while for each message, and says how often it kept quiet: strangers must not fill the log. */
export class RareLog {
  readonly #log: Logger;
  readonly #spoken = new Map<string, { atMs: number; suppressed: number }>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param message a constant: each is counted apart */
  warn(details: object, message: string): void {
    const nowMs = Date.now();
    const last = this.#spoken.get(message);
    if (last && nowMs - last.atMs < INTERVAL_MS) {
      last.suppressed += 1;
      return;
    }
    this.#spoken.set(message, { atMs: nowMs, suppressed: 0 });
    this.#log.warn(
      { ...details, ...(last?.suppressed && { suppressed: last.suppressed }) },
      message,
    );
  }
}
