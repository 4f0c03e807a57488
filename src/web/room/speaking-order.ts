/** Who asks to speak and who has the floor, as a page shows it. Knows no React. */
import type { ParticipantView } from '../../contract/rest.ts';
import type { RoomState } from './state.ts';

type Order = Pick<RoomState, 'order'>;
type OwnOrder = Pick<RoomState, 'order' | 'selfId'>;
type PeopleOrder = Pick<RoomState, 'order' | 'participants'>;

/** Who asks to speak and is here, the longest first. */
export function queueOf({ order, participants }: PeopleOrder): readonly ParticipantView[] {
  const hands = order?.hands ?? [];
  return hands.flatMap(
    ({ participantId }) => participants.find(({ id }) => id === participantId) ?? [],
  );
}

/** From 1; undefined for who does not ask to speak. */
export function placeInQueue({ order }: Order, id: string): number | undefined {
  const index = order?.hands.findIndex(({ participantId }) => participantId === id) ?? -1;
  return index < 0 ? undefined : index + 1;
}

export function isHandUp(state: OwnOrder): boolean {
  return placeInQueue(state, state.selfId) !== undefined;
}

export function floorHolder({ order, participants }: PeopleOrder): ParticipantView | undefined {
  return participants.find(({ id }) => id === order?.floor?.participantId);
}

/** Whom a chair has made large on every page: who has the floor, or anybody. */
export function largeForAll({ order, participants }: PeopleOrder): ParticipantView | undefined {
  const largeId = order?.spotlightId ?? order?.floor?.participantId;
  return participants.find(({ id }) => id === largeId);
}

export function hasOwnFloor({ order, selfId }: OwnOrder): boolean {
  return order?.floor !== undefined && order.floor.participantId === selfId;
}

/** Why our microphone is held closed: by the order of speaking, or by a chair alone. */
export function heldBy(state: OwnOrder & Pick<RoomState, 'heldMuted'>): HeldBy | undefined {
  if (!state.heldMuted) return undefined;
  return state.order?.mode === 'ordered' && !hasOwnFloor(state) ? 'order' : 'chair';
}
export type HeldBy = 'order' | 'chair';
