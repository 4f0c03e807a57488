import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';

/** `stale`: too old, not ours, or already used that way. */
export type NonceVerdict = 'fresh' | 'stale';

const LIFETIME_MS = 5 * 60_000;
/** Counts behind the highest that may still come, for requests that overtake each other. */
const WINDOW = 32;
const MAX_REMEMBERED = 50_000;

interface Use {
  readonly madeAtMs: number;
  highest: number;
  /** Bit n: the count `highest - n` was seen. */
  seen: number;
}

/**
 * Nonces that carry their own age, and what was answered with each: a count of
 * uses may not come twice, RFC 7616 §3.3 and §5.5. Only those that were answered
 * rightly are remembered, so nobody without a password fills the memory.
 */
export class Nonces {
  readonly #now: () => number;
  readonly #maxRemembered: number;
  readonly #key = createSecretKey(randomBytes(32));
  readonly #used = new Map<string, Use>();
  #made = 0;
  /** Older nonces were forgotten, and are not believed any more. */
  #forgottenUntilMs = 0;

  constructor(now: () => number, maxRemembered = MAX_REMEMBERED) {
    this.#now = now;
    this.#maxRemembered = maxRemembered;
  }

  create(): string {
    this.#made += 1;
    const stamp = `${this.#now().toString(36)}-${this.#made.toString(36)}`;
    return `${stamp}.${this.#sign(stamp)}`;
  }

  /**
   * Takes note of one rightly answered use.
   *
   * @param count `nc`; undefined for devices of RFC 2069, whose nonce is good for one use
   */
  use(nonce: string, count: number | undefined): NonceVerdict {
    const madeAtMs = this.#madeAtMs(nonce);
    if (madeAtMs === undefined || madeAtMs <= this.#forgottenUntilMs) return 'stale';
    if (this.#now() - madeAtMs >= LIFETIME_MS) return 'stale';
    const before = this.#used.get(nonce);
    if (!before) {
      this.#remember(nonce, { madeAtMs, highest: count ?? 0, seen: 1 });
      return 'fresh';
    }
    return count !== undefined && isNew(before, count) ? 'fresh' : 'stale';
  }

  #remember(nonce: string, use: Use): void {
    this.#used.set(nonce, use);
    for (const [old, { madeAtMs }] of this.#used) {
      const isOver = this.#now() - madeAtMs >= LIFETIME_MS;
      if (!isOver && this.#used.size <= this.#maxRemembered) return;
      this.#used.delete(old);
      if (!isOver) this.#forgottenUntilMs = Math.max(this.#forgottenUntilMs, madeAtMs);
    }
  }

  /** Undefined when it is none of ours. */
  #madeAtMs(nonce: string): number | undefined {
    const [stamp, signature] = nonce.split('.');
    if (!stamp || !signature || !sameText(signature, this.#sign(stamp))) return undefined;
    return Number.parseInt(stamp, 36); // up to the dash
  }

  #sign(stamp: string): string {
    return createHmac('sha256', this.#key).update(stamp).digest('hex').slice(0, 32);
  }
}

/** Takes note of a count; false when it was seen before, or is too far behind to know. */
function isNew(use: Use, count: number): boolean {
  const ahead = count - use.highest;
  if (ahead > 0) {
    use.seen = ahead < WINDOW ? (use.seen << ahead) | 1 : 1;
    use.highest = count;
    return true;
  }
  const bit = 1 << -ahead;
  if (-ahead >= WINDOW || (use.seen & bit) !== 0) return false;
  use.seen |= bit;
  return true;
}

export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
