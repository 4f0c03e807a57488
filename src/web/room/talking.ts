/** Who is heard to talk, and who of the others is large in the speaker view. Knows no React. */
import { withMember } from './set-of.ts';
import { nextSpeaker, type SpeakerChoice } from './speaker.ts';
import type { RoomStore } from './state.ts';

export class Talking {
  readonly #store: RoomStore;
  #speaker: SpeakerChoice = { speakerId: undefined, sinceMs: 0 };

  constructor(store: RoomStore) {
    this.#store = store;
  }

  /** The room server tells that somebody talks, or does not any more. */
  changed(id: string, isTalking: boolean): void {
    const { talking: before, selfId, participants } = this.#store.get();
    const talking = withMember(before, id, isTalking);
    const held = new Set(participants.filter(({ muted }) => muted).map(one => one.id));
    const heard = new Set([...talking].filter(one => !held.has(one)));
    this.#speaker = nextSpeaker(this.#speaker, heard, selfId, Date.now());
    this.#store.set({ talking, speakerId: this.#speaker.speakerId });
  }
}
