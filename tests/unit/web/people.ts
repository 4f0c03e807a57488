import type { ParticipantView } from '../../../src/contract/rest.ts';

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
  };
}
