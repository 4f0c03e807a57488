import type { ParticipantId } from '../domain/ids.ts';

/** Who asks to speak. */
export interface Hand {
  readonly participantId: ParticipantId;
  readonly raisedAtMs: number;
}

/** Who has the floor. */
export interface Floor {
  readonly participantId: ParticipantId;
  readonly sinceMs: number;
  /** When the time is over, where there is a limit; nobody is cut off then. */
  readonly endsAtMs?: number;
}

/** `free`: everybody has their own switch. `ordered`: chairs and who has the floor are heard. */
export type SpeakingMode = 'free' | 'ordered';

/** Hands in their order, and who has the floor; knows nothing of sound. */
export class SpeakingOrder {
  #mode: SpeakingMode = 'free';
  readonly #hands = new Map<ParticipantId, Hand>();
  #floor: Floor | undefined;

  get mode(): SpeakingMode {
    return this.#mode;
  }

  /** The longest first. */
  get hands(): readonly Hand[] {
    return [...this.#hands.values()].toSorted((a, b) => a.raisedAtMs - b.raisedAtMs);
  }

  get floor(): Floor | undefined {
    return this.#floor;
  }

  /** False when it was so already; who has the floor need not ask. */
  raise(id: ParticipantId, nowMs: number): boolean {
    if (this.#hands.has(id) || this.#floor?.participantId === id) return false;
    this.#hands.set(id, { participantId: id, raisedAtMs: nowMs });
    return true;
  }

  /** False when it was so already. */
  lower(id: ParticipantId): boolean {
    return this.#hands.delete(id);
  }

  /** Takes the floor from whoever has it; the hand goes down. */
  give(id: ParticipantId, nowMs: number, limitMs?: number): void {
    this.#mode = 'ordered';
    this.#hands.delete(id);
    this.#floor = {
      participantId: id,
      sinceMs: nowMs,
      ...(limitMs !== undefined && { endsAtMs: nowMs + limitMs }),
    };
  }

  /** Nobody has the floor; the order stands. */
  take(): void {
    this.#floor = undefined;
  }

  /** Everybody speaks as they like; hands stay up. */
  free(): void {
    this.#mode = 'free';
    this.#floor = undefined;
  }

  /** As it was before, for those who are back; what has been decided since then stands. */
  resume(mode: SpeakingMode, floor?: Floor): void {
    this.#mode = mode;
    this.#floor ??= floor;
  }

  /** Somebody has left. False when nothing changes. */
  remove(id: ParticipantId): boolean {
    const hadFloor = this.#floor?.participantId === id;
    if (hadFloor) this.#floor = undefined;
    return this.#hands.delete(id) || hadFloor;
  }

  /** Whether the order leaves somebody unheard. */
  silences(id: ParticipantId, isChair: boolean): boolean {
    return this.#mode === 'ordered' && !isChair && this.#floor?.participantId !== id;
  }
}
