import type { ConferenceId, ParticipantId } from './ids.ts';

/** A meeting: an endpoint dials `number`, a link carries `alias`. */
export interface Conference {
  readonly id: ConferenceId;
  readonly name: string;
  readonly number: string;
  readonly alias: string;
}

/** `endpoint`: a room device; `browser`: a person at a laptop. */
export type ParticipantKind = 'endpoint' | 'browser';

/** Anyone in a conference. */
export interface Participant {
  readonly id: ParticipantId;
  readonly conferenceId: ConferenceId;
  readonly kind: ParticipantKind;
  readonly name: string;
  readonly joinedAtMs: number;
  readonly hasAudio: boolean;
  readonly hasVideo: boolean;
  readonly muted: boolean;
  readonly speaking: boolean;
}
