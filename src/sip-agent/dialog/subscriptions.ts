import { TRANSACTION_TIMEOUT_MS } from '../transaction/timers.ts';
import type { Dialog } from './dialog.ts';

const DEFAULT_EXPIRES_SEC = 3_600;
const MAX_EXPIRES_SEC = 86_400;

/** Subscriptions end by themselves when nobody renews them; RFC 6665 §4.4.1. */
export class Subscriptions<Owner> {
  readonly #onExpired: (dialog: Dialog<Owner>) => void;
  readonly #timers = new Map<Dialog<Owner>, NodeJS.Timeout>();

  constructor(onExpired: (dialog: Dialog<Owner>) => void) {
    this.#onExpired = onExpired;
  }

  /** It holds from now on for that long, and a little for the last NOTIFY. */
  granted(dialog: Dialog<Owner>, expires: string | undefined): void {
    this.stop(dialog);
    const seconds = /^\d{1,9}$/.test(expires ?? '') ? Number(expires) : DEFAULT_EXPIRES_SEC;
    const lifetimeMs = Math.min(seconds, MAX_EXPIRES_SEC) * 1_000 + TRANSACTION_TIMEOUT_MS;
    const expired = () => {
      this.#timers.delete(dialog);
      this.#onExpired(dialog);
    };
    this.#timers.set(dialog, setTimeout(expired, lifetimeMs));
  }

  stop(dialog: Dialog<Owner>): void {
    clearTimeout(this.#timers.get(dialog));
    this.#timers.delete(dialog);
  }

  clear(): void {
    for (const dialog of [...this.#timers.keys()]) this.stop(dialog);
  }
}

/** Whether a NOTIFY is the last one of its subscription. */
export function endsSubscription(subscriptionState: string | undefined): boolean {
  return /^\s*terminated\b/i.test(subscriptionState ?? '');
}
