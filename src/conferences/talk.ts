import type { ParticipantId } from '../domain/ids.ts';
import type { Roster } from './roster.ts';

/** Who speaks in one conference: who is heard to talk and is not muted. */
export class Talk {
  readonly #roster: Roster;
  readonly #onSpeaking: (id: ParticipantId, speaking: boolean) => void;
  /** As it is measured, heard or not. */
  readonly #talking = new Set<ParticipantId>();

  /** @param onSpeaking told of each change, once the roster says so */
  constructor(roster: Roster, onSpeaking: (id: ParticipantId, speaking: boolean) => void) {
    this.#roster = roster;
    this.#onSpeaking = onSpeaking;
  }

  heard(id: ParticipantId, talking: boolean): void {
    if (talking) this.#talking.add(id);
    else this.#talking.delete(id);
    this.weigh(id);
  }

  /** To be told when somebody was muted, or let go. */
  weigh(id: ParticipantId): void {
    const participant = this.#roster.get(id);
    if (!participant) return;
    const speaking = this.#talking.has(id) && !participant.muted;
    if (speaking === participant.speaking) return;
    this.#roster.update(id, { speaking });
    this.#onSpeaking(id, speaking);
  }

  forget(id: ParticipantId): void {
    this.#talking.delete(id);
  }
}
