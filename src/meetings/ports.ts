/**
 * What meetings ask of the outside world. `PlanStore` reads what people planned, `MeetingStore`
 * keeps what a restarted gateway goes on from; `calls/` and `conferences/` do the rest.
 */
import type { OutboundEnd } from '../calls/outbound-call.ts';
import type { Page } from '../contract/paging.ts';
import type { EndReason } from '../domain/call.ts';
import type {
  Conference,
  ConferenceMember,
  ConferenceSchedule,
  Participant,
} from '../domain/conference.ts';
import type { CallId, ConferenceId, EndpointId, ParticipantId, SiteId } from '../domain/ids.ts';
import type { SitePosition } from './ladder.ts';
import type { SiteState } from './site-state.ts';

/** A site of a conference as the meeting deals with it. */
export interface PlannedSite {
  readonly siteId: SiteId;
  readonly name: string;
  readonly role: ConferenceMember['role'];
  /** Called by the meeting; else it dials in by itself. */
  readonly dialOut: boolean;
  /** In the order they are tried: main ones, then backups. */
  readonly endpointIds: readonly EndpointId[];
}

/** When a meeting ends by itself: at its time, or when everybody has left after it; without a time, the latter. */
export type Ending = 'at-time' | 'when-empty';

/** What a meeting takes of its conference. */
export interface MeetingPlan {
  readonly conference: Conference;
  readonly sites: readonly PlannedSite[];
  readonly muteOnEntry: boolean;
  readonly ending: Ending;
  /** Undefined: started by people only. */
  readonly schedule?: ConferenceSchedule;
}

/** Reads plans. Throws `GatewayError` `store-unavailable`. */
export interface PlanStore {
  getPlan(id: ConferenceId): Promise<MeetingPlan | undefined>;
  /** Those that have a schedule. */
  listScheduled(): Promise<readonly MeetingPlan[]>;
}

/** What is kept of one site of a meeting. */
export interface SavedSite {
  readonly siteId: SiteId;
  readonly state: SiteState;
  readonly sinceMs: number;
  readonly position: SitePosition;
  /** Calls that were made to it so far. */
  readonly attempts: number;
  readonly reason?: string;
  readonly retryAtMs?: number;
}

/** What is kept of the latest run of a conference. */
export interface SavedMeeting {
  readonly conferenceId: ConferenceId;
  readonly state: 'running' | 'ended';
  readonly startedAtMs: number;
  /** Who started it: a person's name, or `schedule`. */
  readonly startedBy: string;
  /** Start of the planned occurrence that this run is; undefined of one outside of the plan. */
  readonly occurrenceStartMs?: number;
  /** Planned end, extensions counted in; undefined: until somebody ends it. */
  readonly endsAtMs?: number;
  readonly isLocked: boolean;
  readonly muteOnEntry: boolean;
  readonly sites: readonly SavedSite[];
}

/**
 * Keeps meetings over restarts, each run for itself. The ended ones are kept so that a meeting
 * that somebody ended is not started again in the same occurrence, and to look at. Throws
 * `GatewayError` `store-unavailable`.
 */
export interface MeetingStore {
  /** The latest run of each conference. */
  loadMeetings(): Promise<readonly SavedMeeting[]>;
  /** Replaces what was kept of this run. */
  saveMeeting(meeting: SavedMeeting): Promise<void>;
}

/** A run as it is looked at later. */
export interface KeptMeeting extends SavedMeeting {
  readonly id: string;
  readonly conferenceName: string;
  readonly endedAtMs?: number;
  /** '' of a site that is there no longer. */
  readonly siteNames: ReadonlyMap<SiteId, string>;
}

export interface MeetingQuery {
  readonly q?: string | undefined;
  readonly state?: SavedMeeting['state'] | undefined;
  readonly conferenceId?: string | undefined;
  /** Of conferences of these groups alone; undefined: of all. */
  readonly groupIds?: ReadonlySet<string> | undefined;
  readonly sort: string;
  readonly limit: number;
  readonly offset: number;
}

/** Runs that were, and that run. Throws `GatewayError` `store-unavailable`. */
export interface MeetingHistory {
  findMeetings(query: MeetingQuery): Promise<Page<KeptMeeting>>;
}

/** How a call to or from a site ended. */
export interface SiteCallEnd {
  readonly conferenceId: ConferenceId;
  readonly siteId: SiteId;
  readonly reason: EndReason;
  readonly wasAnswered: boolean;
}

/** Calls as meetings need them: `DialOut` and `CallLog`. */
export interface MeetingCalls {
  /**
   * Calls an endpoint into a conference; resolves when the call is over.
   *
   * @throws GatewayError `conference-not-found`, `not-found`, `peer-address-missing`
   */
  call(wish: {
    readonly conferenceId: ConferenceId;
    readonly endpointId: EndpointId;
    readonly stop: AbortSignal;
    readonly onProgress: (state: 'ringing' | 'connected', callId: CallId) => void;
  }): Promise<OutboundEnd>;
  /** Told of every call's end, whichever side began it. Returns its own undo. */
  onEnded(listener: (end: SiteCallEnd) => void): () => void;
}

/** What holds for everybody in a conference while a meeting runs. */
export interface ConferenceRules {
  /** Nobody new comes in, but those that the meeting calls. */
  readonly isLocked: boolean;
  /** As it is stored when not given. */
  readonly muteOnEntry?: boolean;
  /** On every screen; undefined for none. */
  readonly message?: string;
}

/** Running conferences as meetings need them: `LiveConferences`. */
export interface MeetingRooms {
  /** Who is in a conference, now and on each change, whether it is open or not. Returns its own undo. */
  watch(id: ConferenceId, listener: (participants: readonly Participant[]) => void): () => void;
  /** What holds from now on, whether it is open or not; undefined: nothing special. */
  govern(id: ConferenceId, rules: ConferenceRules | undefined): void;
  /** @throws GatewayError `not-found` for who is not there, `room-server-down` */
  mute(id: ConferenceId, participantId: ParticipantId, muted: boolean): Promise<void>;
  /** Puts a participant out: hangs up, or ends the visit. @throws GatewayError `not-found` */
  putOut(id: ConferenceId, participantId: ParticipantId): void;
  /** Gives somebody the large place, or nobody. @throws GatewayError `not-found` */
  spotlight(id: ConferenceId, participantId: ParticipantId | undefined): void;
  /** Who has that place, whoever gave it, now and on each change. Returns its own undo. */
  watchSpotlight(id: ConferenceId, listener: (id: ParticipantId | undefined) => void): () => void;
  /** Takes a changed name and layout over. */
  changed(conference: Conference): void;
  /** Puts everybody out. */
  end(id: ConferenceId, reason: 'conference-closed'): Promise<void>;
}
