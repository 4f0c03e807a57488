import type { Conference } from '../domain/conference.ts';
import type { ParticipantId } from '../domain/ids.ts';
import { layoutOf, type MeetingLayout, withoutParticipant } from './meeting-layout.ts';

export interface LiveLayoutDeps {
  readonly isHere: (id: ParticipantId) => boolean;
  /** How halls see it is otherwise than before. */
  readonly onChange: () => void;
  /** Somebody else has the large place, or nobody. */
  readonly onSpotlight: () => void;
}

/** How halls see one running conference: what is stored of it, and who leads and is large today. */
export class LiveLayout {
  readonly #deps: LiveLayoutDeps;
  #layout: MeetingLayout;

  constructor(conference: Conference, deps: LiveLayoutDeps) {
    this.#deps = deps;
    this.#layout = layoutOf(conference);
  }

  get now(): MeetingLayout {
    return this.#layout;
  }

  /** Who has the large place, whoever speaks. */
  get spotlightId(): ParticipantId | undefined {
    return this.#layout.pinnedParticipantId;
  }

  /** Who has left meanwhile neither leads nor is large. */
  set(layout: MeetingLayout): void {
    const { spotlightId: before } = this;
    const { isHere, onChange, onSpotlight } = this.#deps;
    this.#layout = [layout.hqParticipantId, layout.pinnedParticipantId]
      .filter(id => id !== undefined)
      .filter(id => !isHere(id))
      .reduce(withoutParticipant, layout);
    onChange();
    if (this.spotlightId !== before) onSpotlight();
  }

  /** What is stored was changed; who leads or is large today stays so. */
  storedChanged(before: Conference, now: Conference): void {
    const layout = layoutOf(now);
    if (JSON.stringify(layoutOf(before)) === JSON.stringify(layout)) return;
    const { hqParticipantId, pinnedParticipantId } = this.#layout;
    this.set({
      ...layout,
      ...(hqParticipantId !== undefined && { hqParticipantId }),
      ...(pinnedParticipantId !== undefined && { pinnedParticipantId }),
    });
  }

  /** Gives somebody the large place, or nobody. */
  spotlight(id: ParticipantId | undefined): void {
    const { pinnedParticipantId: _, ...layout } = this.#layout;
    this.set({ ...layout, ...(id !== undefined && { pinnedParticipantId: id }) });
  }

  /** Large is who has the floor; the place is given back when it is still theirs. */
  showFloor(now: ParticipantId | undefined, before: ParticipantId | undefined): void {
    if (now !== undefined) this.spotlight(now);
    else if (before !== undefined && this.spotlightId === before) this.spotlight(undefined);
  }

  /** Somebody has left. */
  left(id: ParticipantId): void {
    const { hqParticipantId, pinnedParticipantId } = this.#layout;
    if (id === hqParticipantId || id === pinnedParticipantId) this.set(this.#layout);
  }
}
