import { GatewayError } from '../domain/errors.ts';

export interface AttemptLimitOptions {
  /** Attempts that cost nothing. */
  readonly free: number;
  /** The wait after them, doubled with each further one… */
  readonly firstWaitMs: number;
  /** …up to this. */
  readonly maxWaitMs: number;
  readonly now: () => number;
}

interface Entry {
  attempts: number;
  waitUntilMs: number;
}

/** Without an attempt for so long all is forgotten. */
const FORGOTTEN_AFTER_MS = 3_600_000;
/** Above it those longest known are forgotten: made-up names must not eat the memory. */
const MAX_KEYS = 20_000;

/** Guessing gets slower with every guess. */
export class AttemptLimit {
  readonly #options: AttemptLimitOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: AttemptLimitOptions) {
    this.#options = options;
  }

  /**
   * Counts an attempt before it is made, so that a hundred at once are a hundred.
   *
   * @throws GatewayError `rate-limited` while there is a wait; that one is not counted
   */
  take(key: string): void {
    const { free, firstWaitMs, maxWaitMs, now } = this.#options;
    const nowMs = now();
    const known = this.#entries.get(key);
    const isStale = known && nowMs - known.waitUntilMs > FORGOTTEN_AFTER_MS;
    const entry = known && !isStale ? known : { attempts: 0, waitUntilMs: nowMs };
    if (entry.waitUntilMs > nowMs) throw tooMany(entry.waitUntilMs - nowMs);
    entry.attempts += 1;
    const over = entry.attempts - free;
    const waitMs = over < 0 ? 0 : Math.min(firstWaitMs * 2 ** Math.min(over, 30), maxWaitMs);
    entry.waitUntilMs = nowMs + waitMs;
    this.#keep(key, entry);
  }

  /** The attempt was right: it is as if it had not been. */
  giveBack(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.attempts = Math.max(0, entry.attempts - 1);
    if (entry.attempts < this.#options.free) entry.waitUntilMs = this.#options.now();
  }

  /** Forgets all attempts. */
  clear(key: string): void {
    this.#entries.delete(key);
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.delete(key);
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size >= MAX_KEYS && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, entry);
  }
}

function tooMany(waitMs: number): GatewayError {
  const retryAfterSec = Math.ceil(waitMs / 1000);
  return new GatewayError(
    'rate-limited',
    `Too many wrong tries. Wait ${retryAfterSec} s, then try again.`,
    { details: { retryAfterSec } },
  );
}
