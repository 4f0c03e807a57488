/** Who is heard, and who of the others is large in the speaker view. */
import type { ParticipantView } from '../../contract/rest.ts';

/** A cough changes nothing: somebody new is shown when the last one is silent, or after this. */
export const HOLD_MS = 2_000;

/**
 * Whether somebody speaks and is heard. The room server does not listen to who is held closed,
 * and so never tells that they have stopped.
 */
export function isHeard(
  { id, muted, speaking }: ParticipantView,
  talking: ReadonlySet<string>,
): boolean {
  return !muted && (speaking || talking.has(id));
}

export interface SpeakerChoice {
  readonly speakerId: string | undefined;
  readonly sinceMs: number;
}

/** The next choice, given who is heard now; our own voice does not count. */
export function nextSpeaker(
  choice: SpeakerChoice,
  talking: ReadonlySet<string>,
  selfId: string,
  nowMs: number,
): SpeakerChoice {
  const { speakerId, sinceMs } = choice;
  if (speakerId !== undefined && talking.has(speakerId) && nowMs - sinceMs < HOLD_MS) return choice;
  const heard = [...talking].filter(id => id !== selfId);
  const next = heard.at(-1);
  if (next === undefined || next === speakerId) return choice;
  return { speakerId: next, sinceMs: nowMs };
}
