import type { ConferenceId, ParticipantId, SiteId } from './ids.ts';

/** A meeting: an endpoint dials `number`, a link carries `alias`. */
export interface Conference {
  readonly id: ConferenceId;
  readonly name: string;
  readonly number: string;
  readonly alias: string;
  /** Whoever comes in is asked for this PIN; as `hashPin` makes it. */
  readonly pinHash?: string;
  /** The sites it is for: what they get when they dial no conference. */
  readonly siteIds: readonly SiteId[];
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
  /** Shows its screen to everybody. */
  readonly sharing: boolean;
}
