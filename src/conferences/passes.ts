import { createHash } from 'node:crypto';
import type { ConferenceId } from '../domain/ids.ts';

/** For how long somebody who has gone may come back without waiting again. */
const KEPT_MS = 15 * 60_000;
const MAX_KEPT = 10_000;

/** As what somebody comes back. */
export interface Pass {
  readonly chair: boolean;
  /** A chair held the microphone closed. */
  readonly muted: boolean;
}

interface Kept extends Pass {
  readonly conferenceId: ConferenceId;
  readonly untilMs: number;
}

/** Remembers who was let in, so that a lost connection is not a new wait; tokens only as hashes. */
export class Passes {
  readonly #passes = new Map<string, Kept>();

  /** Of somebody who is let in; it holds for as long as that one stays. */
  keep(token: string, conferenceId: ConferenceId, chair: boolean): void {
    const untilMs = Number.POSITIVE_INFINITY;
    this.#passes.set(hashOf(token), { conferenceId, chair, muted: false, untilMs });
    for (const [oldest] of this.#passes) {
      if (this.#passes.size <= MAX_KEPT) break;
      this.#passes.delete(oldest);
    }
  }

  /** Somebody has gone; harmless without a pass. */
  left(token: string, muted: boolean, nowMs: number): void {
    const key = hashOf(token);
    const pass = this.#passes.get(key);
    if (pass) this.#passes.set(key, { ...pass, muted, untilMs: nowMs + KEPT_MS });
  }

  /** Undefined for one that does not open this conference, or no longer. */
  find(token: string | undefined, conferenceId: ConferenceId, nowMs: number): Pass | undefined {
    const pass = token === undefined ? undefined : this.#passes.get(hashOf(token));
    return pass?.conferenceId === conferenceId && pass.untilMs >= nowMs ? pass : undefined;
  }

  /** Somebody was put out: not even with a pass any more. */
  revoke(token: string): void {
    this.#passes.delete(hashOf(token));
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
