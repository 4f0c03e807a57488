import type { Actor } from '../domain/actor.ts';
import type { Session, User } from '../domain/user.ts';
import { hashOf, randomToken } from '../util/random-token.ts';
import type { SessionStore } from './ports.ts';

export interface SessionsDeps {
  readonly store: SessionStore;
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
/** NIST SP 800-63B §2.2.3 asks for both; a meeting day fits in. */
export const SESSION_LIMITS = { idleMs: 2 * HOUR_MS, wholeMs: 12 * HOUR_MS } as const;
/** A session that is used is noted as such no oftener than this. */
const TOUCH_INTERVAL_MS = 60_000;
const SWEEP_INTERVAL_MS = HOUR_MS;

/** A session just begun; `secret` is what the cookie holds, and it is stored nowhere. */
export interface BegunSession {
  readonly secret: string;
  readonly session: Session;
  readonly user: User;
}

/** Who is signed in. What is stored of a session does not open it. */
export class Sessions {
  readonly #deps: SessionsDeps;
  #sweptAtMs = 0;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /**
   * Begins one, always under a new secret, and ends the one this browser had: what somebody else
   * may have put there is worth nothing. @param how in the audit log
   */
  async begin(user: User, by: Actor, how: string, former?: string): Promise<BegunSession> {
    const { store, now } = this.#deps;
    const secret = randomToken();
    const nowMs = now();
    const session: Session = {
      idHash: hashOf(secret),
      userId: user.id,
      createdAtMs: nowMs,
      seenAtMs: nowMs,
      expiresAtMs: nowMs + SESSION_LIMITS.wholeMs,
    };
    if (former !== undefined) await store.deleteSession(hashOf(former));
    const after = { login: user.login, how };
    await store.insertSession(session, {
      by,
      action: 'signed-in',
      entity: 'user',
      entityId: user.id,
      after,
    });
    await this.#sweep(nowMs);
    return { secret, session, user };
  }

  /** The session a browser shows, and whose it is; undefined when it is over or its account is. */
  async find(secret: string): Promise<{ session: Session; user: User } | undefined> {
    const { store, now } = this.#deps;
    const found = await store.findSession(hashOf(secret));
    if (!found || found.user.disabled) return undefined;
    const nowMs = now();
    const { session } = found;
    if (nowMs >= endOf(session)) return undefined;
    if (nowMs - session.seenAtMs < TOUCH_INTERVAL_MS) return found;
    await store.touchSession(session.idHash, nowMs);
    return { ...found, session: { ...session, seenAtMs: nowMs } };
  }

  async end(session: Session, by: Actor): Promise<void> {
    const noted = { by, action: 'signed-out', entity: 'user', entityId: session.userId };
    await this.#deps.store.deleteSession(session.idHash, noted);
  }

  /** Takes what is over out of the database, now and then. */
  async #sweep(nowMs: number): Promise<void> {
    if (nowMs - this.#sweptAtMs < SWEEP_INTERVAL_MS) return;
    this.#sweptAtMs = nowMs;
    const bounds = { seenAtMs: nowMs - SESSION_LIMITS.idleMs, expiresAtMs: nowMs };
    await this.#deps.store.deleteSessionsBefore(bounds);
  }
}

/** When it ends if nothing more is asked. */
export function endOf({ seenAtMs, expiresAtMs }: Session): number {
  return Math.min(seenAtMs + SESSION_LIMITS.idleMs, expiresAtMs);
}
