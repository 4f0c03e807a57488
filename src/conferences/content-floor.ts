import type { ContentRequest } from '../contract/content-floor.ts';
import type { ParticipantId } from '../domain/ids.ts';

interface Holder {
  readonly id: ParticipantId;
  /** Granted by request, and not taken yet. */
  readonly isGranted: boolean;
  isShown: boolean;
}

/**
 * Who may share a screen in one conference: one at a time, whoever took it first. Who asks
 * meanwhile is granted it in turn, when it is free; the words are those of RFC 8855.
 */
export class ContentFloor {
  #holder: Holder | undefined;
  /** In the order they asked. */
  readonly #requests = new Set<ParticipantId>();
  readonly #denied = new Set<ParticipantId>();

  get holderId(): ParticipantId | undefined {
    return this.#holder?.id;
  }

  /** Whom it was granted, as long as that one has not taken it. */
  get grantedId(): ParticipantId | undefined {
    return this.#holder?.isGranted ? this.#holder.id : undefined;
  }

  /** Who asks, the longest first. */
  get requests(): readonly ParticipantId[] {
    return [...this.#requests];
  }

  requestOf(id: ParticipantId): ContentRequest {
    if (this.#requests.has(id)) return 'requested';
    if (this.grantedId === id) return 'granted';
    return this.#denied.has(id) ? 'denied' : 'none';
  }

  /** Takes the floor; false while somebody else has it. */
  take(id: ParticipantId): boolean {
    if (this.#holder && this.#holder.id !== id) return false;
    this.#holder = { id, isGranted: false, isShown: false };
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
    if (this.#holder?.id === id && this.#holder.isShown) this.#free();
  }

  /** Gives the floor back; harmless for who does not have it. */
  release(id: ParticipantId): void {
    if (this.#holder?.id === id) this.#free();
  }

  /** Asks for the floor; granted at once while nobody has it. */
  request(id: ParticipantId): void {
    if (this.#holder?.id === id) return;
    this.#denied.delete(id);
    this.#requests.add(id);
    if (!this.#holder) this.#free();
  }

  /** Does not ask any longer, or does not want what was granted. */
  withdraw(id: ParticipantId): void {
    this.#requests.delete(id);
    this.#denied.delete(id);
    if (this.grantedId === id) this.#free();
  }

  /** The holder goes on: nobody who asked is granted it. */
  deny(): void {
    for (const id of this.#requests) this.#denied.add(id);
    this.#requests.clear();
  }

  leave(id: ParticipantId): void {
    this.withdraw(id);
    this.release(id);
  }

  #free(): void {
    this.#holder = undefined;
    this.#denied.clear();
    const [next] = this.#requests;
    if (next === undefined) return;
    this.#requests.delete(next);
    this.#holder = { id: next, isGranted: true, isShown: false };
  }
}
