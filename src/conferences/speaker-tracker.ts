import type { Clock } from '../calls/ports.ts';
import type { ParticipantId } from '../domain/ids.ts';

export interface SpeakerRules {
  /** Talk shorter than this is a cough and changes nothing. */
  readonly minTalkMs: number;
  /** The picture stays at least this long after a change. */
  readonly holdMs: number;
}

/**
 * Who speaks in one conference, from talk events.
 *
 * Somebody becomes the active speaker after `minTalkMs` of talk, no earlier
 * than `holdMs` after the last change. One who began after the active speaker
 * takes over; one who began before does not come back until talking anew, so
 * two who talk over each other do not make the picture flicker. Silence
 * changes nothing: the last speaker stays.
 */
export class SpeakerTracker {
  readonly #rules: SpeakerRules;
  readonly #clock: Clock;
  readonly #onChange: (order: readonly ParticipantId[]) => void;
  /** Since when each of those talking now has talked, epoch ms. */
  readonly #talkingSinceMs = new Map<ParticipantId, number>();
  #order: ParticipantId[] = [];
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #activeSinceMs = Number.NEGATIVE_INFINITY;
  #pending: AbortController | undefined;

  /** @param onChange gets all who ever spoke and are still here, the latest first */
  constructor(
    rules: SpeakerRules,
    clock: Clock,
    onChange: (order: readonly ParticipantId[]) => void,
  ) {
    this.#rules = rules;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get order(): readonly ParticipantId[] {
    return this.#order;
  }

  talking(id: ParticipantId, talking: boolean): void {
    if (!talking) this.#talkingSinceMs.delete(id);
    else if (!this.#talkingSinceMs.has(id)) this.#talkingSinceMs.set(id, this.#clock.now());
    this.#evaluate();
  }

  /** Forgets somebody who left. */
  remove(id: ParticipantId): void {
    this.#talkingSinceMs.delete(id);
    if (this.#order[0] === id) this.#activeSinceMs = Number.NEGATIVE_INFINITY;
    if (this.#order.includes(id)) {
      this.#order = this.#order.filter(other => other !== id);
      this.#onChange(this.#order);
    }
    this.#evaluate();
  }

  /** Stops the pending decision; the tracker is not used afterwards. */
  close(): void {
    this.#pending?.abort();
  }

  #evaluate(): void {
    this.#pending?.abort();
    const candidate = this.#candidate();
    if (!candidate) return;
    const dueMs = Math.max(
      candidate.sinceMs + this.#rules.minTalkMs,
      this.#changedAtMs + this.#rules.holdMs,
    );
    const waitMs = dueMs - this.#clock.now();
    if (waitMs <= 0) this.#promote(candidate.id, candidate.sinceMs);
    else this.#evaluateLater(waitMs);
  }

  #candidate(): { id: ParticipantId; sinceMs: number } | undefined {
    let best: { id: ParticipantId; sinceMs: number } | undefined;
    const active = this.#order[0];
    const activeTalks = active !== undefined && this.#talkingSinceMs.has(active);
    for (const [id, sinceMs] of this.#talkingSinceMs) {
      if (id === active) continue;
      if (activeTalks && sinceMs <= this.#activeSinceMs) continue;
      if (!best || sinceMs > best.sinceMs) best = { id, sinceMs };
    }
    return best;
  }

  #promote(id: ParticipantId, sinceMs: number): void {
    this.#order = [id, ...this.#order.filter(other => other !== id)];
    this.#changedAtMs = this.#clock.now();
    this.#activeSinceMs = sinceMs;
    this.#onChange(this.#order);
    this.#evaluate();
  }

  #evaluateLater(waitMs: number): void {
    const pending = new AbortController();
    this.#pending = pending;
    this.#clock.sleep(waitMs, pending.signal).then(
      () => this.#evaluate(),
      () => undefined, // aborted: a newer event decides
    );
  }
}
