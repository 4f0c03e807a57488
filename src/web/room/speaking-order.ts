/** Who asks to speak and who has the floor, as a page shows it. Knows no React. */
import type { ParticipantView } from '../../contract/rest.ts';
import type { RoomState } from './state.ts';

/** Who asks to speak and is here, the longest first. */
export function queueOf({
  order,
  participants,
}: Pick<RoomState, 'order' | 'participants'>): readonly ParticipantView[] {
  const hands = order?.hands ?? [];
  return hands.flatMap(
    ({ participantId }) => participants.find(({ id }) => id === participantId) ?? [],
  );
}
