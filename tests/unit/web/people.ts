import type { ParticipantView } from '../../../src/contract/rest.ts';
import type { SpeakingOrderView } from '../../../src/contract/speaking-order.ts';

/** Somebody at a laptop whom nothing ails. */
export function person(id: string): ParticipantView {
  return {
    id,
    kind: 'browser',
    name: `Name of ${id}`,
    joinedAtMs: 0,
    hasAudio: true,
    hasVideo: true,
    muted: false,
    speaking: false,
    poorLine: false,
    alarms: [],
    sharing: false,
    chair: false,
    handRaised: false,
    away: false,
  };
}

interface OrderWish {
  readonly mode?: SpeakingOrderView['mode'];
  readonly hands?: readonly string[];
  /** Makes the discussion an ordered one. */
  readonly floor?: string;
}

/** Who asks to speak and who has the floor, all since the beginning of time. */
export function anOrder({ mode, hands = [], floor }: OrderWish): SpeakingOrderView {
  return {
    nowMs: 0,
    mode: mode ?? (floor === undefined ? 'free' : 'ordered'),
    hands: hands.map(participantId => ({ participantId, raisedAtMs: 0 })),
    ...(floor !== undefined && { floor: { participantId: floor, sinceMs: 0 } }),
  };
}
