import type { Participant } from '../domain/conference.ts';
import type { ParticipantId } from '../domain/ids.ts';

type Listener = (participants: readonly Participant[]) => void;

/** The participants of one conference and their state, RFC 4575 in spirit; tells every change whole. */
export class Roster {
  readonly #participants = new Map<ParticipantId, Participant>();
  readonly #listeners = new Set<Listener>();

  get size(): number {
    return this.#participants.size;
  }

  /** In the order they joined. */
  list(): readonly Participant[] {
    return [...this.#participants.values()];
  }

  get(id: ParticipantId): Participant | undefined {
    return this.#participants.get(id);
  }

  add(participant: Participant): void {
    this.#participants.set(participant.id, participant);
    this.#tell();
  }

  /** Changes some fields; somebody who left meanwhile is not brought back. */
  update(id: ParticipantId, change: Partial<Omit<Participant, 'id'>>): void {
    const before = this.#participants.get(id);
    if (!before) return;
    const after = { ...before, ...change };
    if (sameParticipant(before, after)) return;
    this.#participants.set(id, after);
    this.#tell();
  }

  remove(id: ParticipantId): void {
    if (this.#participants.delete(id)) this.#tell();
  }

  /** Calls back at once and on every change; returns its own undo. */
  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    listener(this.list());
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    const participants = this.list();
    for (const listener of [...this.#listeners]) listener(participants);
  }
}

function sameParticipant(a: Participant, b: Participant): boolean {
  return (Object.keys(b) as (keyof Participant)[]).every(key => a[key] === b[key]);
}
