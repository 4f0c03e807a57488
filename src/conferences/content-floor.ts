import type { ParticipantId } from '../domain/ids.ts';

/** Who may share a screen in one conference: one at a time, whoever took it first. */
export class ContentFloor {
  #holder: { readonly id: ParticipantId; isShown: boolean } | undefined;

  get holderId(): ParticipantId | undefined {
    return this.#holder?.id;
  }

  /** Takes the floor; false while somebody else has it. */
  take(id: ParticipantId): boolean {
    if (this.#holder && this.#holder.id !== id) return false;
    this.#holder = { id, isShown: false };
    return true;
  }

  /** The screen came; false when its owner does not have the floor. */
  shown(id: ParticipantId): boolean {
    if (this.#holder?.id !== id) return false;
    this.#holder.isShown = true;
    return true;
  }

  /** The screen is gone. News of an older one, that comes after the floor was taken anew, changes nothing. */
  ended(id: ParticipantId): void {
    if (this.#holder?.id === id && this.#holder.isShown) this.#holder = undefined;
  }

  leave(id: ParticipantId): void {
    if (this.#holder?.id === id) this.#holder = undefined;
  }
}
