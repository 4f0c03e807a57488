import type { Alarm } from '../contract/alarms.ts';
import type { GridSize, SceneLayout } from '../contract/layout.ts';
import type { ConferenceId, ParticipantId, SiteId } from './ids.ts';

/** How halls see a conference, as it is kept from one meeting to the next. */
export interface HallLayout {
  readonly layout: SceneLayout;
  /** The site that leads: large for everybody in `lecture` and `hq-speaker`. */
  readonly hqSiteId?: SiteId;
  /** Most tiles of a grid; as many as fit when not given. */
  readonly gridSize?: GridSize;
}

/** A meeting: an endpoint dials `number`, a link carries `alias`. */
export interface Conference extends HallLayout {
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
  /** Of an endpoint. */
  readonly siteId?: SiteId;
  readonly name: string;
  readonly joinedAtMs: number;
  readonly hasAudio: boolean;
  readonly hasVideo: boolean;
  readonly muted: boolean;
  readonly speaking: boolean;
  /** As `line-quality.ts` judges it. */
  readonly poorLine: boolean;
  /** What an endpoint should send and does not; the same array as long as nothing changes. */
  readonly alarms: readonly Alarm[];
  /** Shows its screen to everybody. */
  readonly sharing: boolean;
}
