import type { RoomEvents } from '../calls/ports.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';

interface Talk {
  /** Places of ours at which talk is heard. */
  ears: number;
  readonly talking: Set<ParticipantId>;
}

/**
 * Who talks in each conference. Janus tells every place of ours of it; the core
 * is told once, and of the end also when nobody is left to hear it.
 */
export class Talkers {
  readonly #tell: (event: RoomEvents['participant.talking']) => void;
  readonly #talks = new Map<ConferenceId, Talk>();

  constructor(tell: (event: RoomEvents['participant.talking']) => void) {
    this.#tell = tell;
  }

  /** A place that hears; the returned function takes it away and may be called twice. */
  listen(id: ConferenceId): () => void {
    const talk = this.#talks.get(id) ?? { ears: 0, talking: new Set<ParticipantId>() };
    this.#talks.set(id, talk);
    talk.ears += 1;
    let hears = true;
    return () => {
      if (hears) talk.ears -= 1;
      hears = false;
      if (talk.ears === 0) this.#end(id, talk);
    };
  }

  heard(conferenceId: ConferenceId, participantId: ParticipantId, talking: boolean): void {
    const talk = this.#talks.get(conferenceId);
    if (!talk || talk.talking.has(participantId) === talking) return;
    if (talking) talk.talking.add(participantId);
    else talk.talking.delete(participantId);
    this.#tell({ conferenceId, participantId, talking });
  }

  /** Forgets all without a word: the conferences are gone. */
  clear(): void {
    this.#talks.clear();
  }

  #end(id: ConferenceId, talk: Talk): void {
    if (this.#talks.get(id) !== talk) return;
    for (const participantId of [...talk.talking]) this.heard(id, participantId, false);
    this.#talks.delete(id);
  }
}
