import { createHash } from 'node:crypto';
import type { ConferenceId } from '../domain/ids.ts';

/** For how long somebody who was in a conference may come back without waiting again. */
const KEPT_MS = 15 * 60_000;
const MAX_KEPT = 10_000;

interface Pass {
  readonly conferenceId: ConferenceId;
  readonly chair: boolean;
  readonly untilMs: number;
}

/** Remembers who was let in, so that a lost connection is not a new wait; tokens only as hashes. */
export class Passes {
  readonly #passes = new Map<string, Pass>();

  /** @param chair whether it comes back as a chair */
  keep(token: string, conferenceId: ConferenceId, chair: boolean, nowMs: number): void {
    const key = hashOf(token);
    this.#passes.delete(key);
    this.#passes.set(key, { conferenceId, chair, untilMs: nowMs + KEPT_MS });
    for (const [oldest] of this.#passes) {
      if (this.#passes.size <= MAX_KEPT) break;
      this.#passes.delete(oldest);
    }
  }

  /** Undefined for one that does not open this conference, or no longer. */
  find(
    token: string | undefined,
    conferenceId: ConferenceId,
    nowMs: number,
  ): Pick<Pass, 'chair'> | undefined {
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
