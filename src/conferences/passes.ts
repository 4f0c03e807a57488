import { createHash } from 'node:crypto';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';

/** For how long somebody who has gone may come back without waiting again. */
const KEPT_MS = 15 * 60_000;
const MAX_KEPT = 10_000;

/** As what somebody comes back. */
export interface Pass {
  readonly conferenceId: ConferenceId;
  /** As whom; not there for who was let in and has not come yet. */
  readonly participantId?: ParticipantId;
  readonly chair: boolean;
  /** A chair held the microphone closed. */
  readonly muted: boolean;
}

interface Kept extends Pass {
  readonly untilMs: number;
}

/** Remembers who was let in, so that a lost connection is not a new wait; tokens only as hashes. */
export class Passes {
  readonly #passes = new Map<string, Kept>();

  /** Of somebody who is let in; it holds for as long as that one stays. */
  keep(token: string, pass: Omit<Pass, 'muted'>): void {
    const untilMs = Number.POSITIVE_INFINITY;
    this.#passes.set(hashOf(token), { ...pass, muted: false, untilMs });
    for (const [oldest] of this.#passes) {
      if (this.#passes.size <= MAX_KEPT) break;
      this.#passes.delete(oldest);
    }
  }

  /** Somebody has gone, who came by one of these; harmless without a pass. */
  left(tokens: readonly string[], muted: boolean, nowMs: number): void {
    for (const key of tokens.map(hashOf)) {
      const pass = this.#passes.get(key);
      if (pass) this.#passes.set(key, { ...pass, muted, untilMs: nowMs + KEPT_MS });
    }
  }

  /** Undefined for one that does not open this conference, or no longer. */
  find(token: string | undefined, conferenceId: ConferenceId, nowMs: number): Pass | undefined {
    const pass = token === undefined ? undefined : this.#passes.get(hashOf(token));
    return pass?.conferenceId === conferenceId && pass.untilMs >= nowMs ? pass : undefined;
  }

  /** These open nothing any more: used up, handed back, or of somebody who was put out. */
  revoke(tokens: readonly string[]): void {
    for (const token of tokens) this.#passes.delete(hashOf(token));
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
