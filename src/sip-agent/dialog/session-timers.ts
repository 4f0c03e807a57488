import type { Dialog } from './dialog.ts';
import type { SessionTerms } from './session-terms.ts';

export interface SessionTimersOptions<Owner> {
  /** Half of the interval has passed and the refresh is ours. */
  readonly onRefreshDue: (dialog: Dialog<Owner>) => void;
  /** Nobody refreshed in time. */
  readonly onExpired: (dialog: Dialog<Owner>) => void;
}

interface Session {
  readonly terms: SessionTerms;
  readonly expiry: NodeJS.Timeout;
  refresh: NodeJS.Timeout | undefined;
}

/** The one who waits for a refresh hangs up a little before the end; RFC 4028 §10. */
const MAX_HEAD_START_SEC = 32;

/** Which sessions expire, and when; RFC 4028 §7.2, §9, §10. */
export class SessionTimers<Owner> {
  readonly #options: SessionTimersOptions<Owner>;
  readonly #sessions = new Map<Dialog<Owner>, Session>();

  constructor(options: SessionTimersOptions<Owner>) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  termsOf(dialog: Dialog<Owner>): SessionTerms | undefined {
    return this.#sessions.get(dialog)?.terms;
  }

  /** The session was agreed on or refreshed just now; undefined terms end its timer. */
  set(dialog: Dialog<Owner>, terms: SessionTerms | undefined): void {
    this.stop(dialog);
    if (!terms) return;
    const { intervalSec, weRefresh } = terms;
    const headStartSec = weRefresh ? 0 : Math.min(MAX_HEAD_START_SEC, intervalSec / 3);
    const expiry = setTimeout(() => this.#expired(dialog), (intervalSec - headStartSec) * 1_000);
    this.#sessions.set(dialog, { terms, expiry, refresh: undefined });
    if (weRefresh) this.refreshIn(dialog, intervalSec * 500);
  }

  /** Asks for a refresh later; the session still expires when it would have. */
  refreshIn(dialog: Dialog<Owner>, delayMs: number): void {
    const session = this.#sessions.get(dialog);
    if (!session) return;
    clearTimeout(session.refresh);
    session.refresh = setTimeout(() => this.#options.onRefreshDue(dialog), delayMs);
  }

  stop(dialog: Dialog<Owner>): void {
    const session = this.#sessions.get(dialog);
    clearTimeout(session?.expiry);
    clearTimeout(session?.refresh);
    this.#sessions.delete(dialog);
  }

  clear(): void {
    for (const dialog of [...this.#sessions.keys()]) this.stop(dialog);
  }

  #expired(dialog: Dialog<Owner>): void {
    this.stop(dialog);
    this.#options.onExpired(dialog);
  }
}
