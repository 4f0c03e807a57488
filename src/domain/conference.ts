import type { Alarm } from '../contract/alarms.ts';
import type { GridSize, SceneLayout } from '../contract/layout.ts';
import type { ConferenceId, ParticipantId, SiteGroupId, SiteId } from './ids.ts';

/** How halls see a conference, as it is kept from one meeting to the next. */
export interface HallLayout {
  readonly layout: SceneLayout;
  /** The site that leads: large for everybody in `lecture` and `hq-speaker`. */
  readonly hqSiteId?: SiteId;
  /** Most tiles of a grid; as many as fit when not given. */
  readonly gridSize?: GridSize;
}

/** A site of a conference. */
export interface ConferenceMember {
  readonly siteId: SiteId;
  /** `hq` leads and is one at most; an `observer` is muted. */
  readonly role: 'hq' | 'site' | 'observer';
  /** `out`: the meeting calls it; `in`: it calls by itself. */
  readonly dial: 'out' | 'in';
}

/** When it takes place, by the clocks of a time zone; RFC 5545 for what comes again. */
export interface ConferenceSchedule {
  /** Like `2026-12-01T07:30`. */
  readonly startsAt: string;
  readonly timeZone: string;
  readonly durationMin: number;
  readonly rrule?: string;
  /** Starts that are left out. */
  readonly exceptions: readonly string[];
}

/** A meeting: an endpoint dials `number`, a link carries `alias`. */
export interface Conference {
  readonly id: ConferenceId;
  readonly name: string;
  readonly number: string;
  readonly alias: string;
  /** Whoever comes in is asked for this PIN; as `hashPin` makes it. */
  readonly pinHash?: string;
  /** Makes a chair of who knows it. */
  readonly chairPinHash?: string;
  /** The sites it is for, which get there when they dial no conference. */
  readonly members: readonly ConferenceMember[];
  readonly schedule?: ConferenceSchedule;
  readonly agenda?: string;
  /** How halls see it, with `gridSize` and the member that leads. */
  readonly layout: SceneLayout;
  /** Most tiles of a grid; as many as fit when not given. */
  readonly gridSize?: GridSize;
  readonly muteOnEntry?: boolean;
  readonly recordingWished?: boolean;
  readonly groupId?: SiteGroupId;
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
  /** How its site wants to see conferences whose layout is `auto`. */
  readonly hallLayout?: SceneLayout;
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
  /** Leads the meeting from its page. */
  readonly chair: boolean;
  /** Asks to speak. */
  readonly handRaised: boolean;
  /** Its connection was lost; its place is kept for a while, for when it comes back. */
  readonly away: boolean;
}
