import type { Seat } from '../conferences/seat.ts';
import type { ParticipantId } from '../domain/ids.ts';

/** Where an endpoint's media is: in a conference, or in the lobby on the way to one. */
export interface Place {
  readonly kind: 'conference' | 'lobby';
  /** The scene on the stage; a conference's is also the id of its rooms. */
  readonly sceneId: string;
  readonly participantId: ParticipantId;
  /** What others see of it. */
  readonly name: string;
  /** Makes the scene be there; asked for by the first picture and by the sound. */
  openScene(signal: AbortSignal): Promise<void>;
}

/** A seat as a place for media. */
export function seatedPlace(seat: Seat, name: string): Place {
  return {
    kind: 'conference',
    sceneId: seat.conference.conference.id,
    participantId: seat.participantId,
    name,
    openScene: signal => seat.conference.openScene(signal),
  };
}
