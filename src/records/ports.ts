/**
 * What records ask of the outside world. `RecordStore` keeps them, `RecordRooms` tells who is in
 * a conference and what is written there.
 */
import type { ChatLine } from '../contract/chat.ts';
import type { Page } from '../contract/paging.ts';
import type { Presence, RollRow } from '../contract/records.ts';
import type { Noted } from '../domain/actor.ts';
import type { Participant } from '../domain/conference.ts';
import type { ConferenceId, SiteGroupId, SiteId } from '../domain/ids.ts';

/** A record as it is kept. */
export interface MeetingRecord {
  readonly id: string;
  readonly conferenceId: ConferenceId;
  /** That of the conference then. */
  readonly groupId?: SiteGroupId;
  readonly title: string;
  /** Who called the roll; undefined where nobody has. */
  readonly ledBy?: string;
  /** When the meeting began; where there was none, when the first one came. */
  readonly startedAtMs: number;
  /** Of a meeting; a conference that people are in without one has no such run. */
  readonly isOfMeeting: boolean;
  /** Who comes long after it is late. */
  readonly dueAtMs: number;
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
  readonly corrects?: string;
  readonly signed?: { readonly name: string; readonly atMs: number };
  readonly rows: readonly RollRow[];
  /** In the order they came. */
  readonly attendance: readonly Presence[];
  readonly chat: readonly ChatLine[];
}

export interface RecordQuery {
  readonly q?: string | undefined;
  readonly conferenceId?: string | undefined;
  readonly signed?: boolean | undefined;
  /** When the meeting began, both included. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Of conferences of these groups alone; undefined: of all. */
  readonly groupIds?: ReadonlySet<string> | undefined;
  readonly sort: string;
  readonly limit: number;
  readonly offset: number;
}

/** Keeps records; they outlive their conference. Throws `GatewayError` `store-unavailable`. */
export interface RecordStore {
  /** Of meetings that are not over; a gateway that died has left them. */
  loadOpenRecords(): Promise<readonly MeetingRecord[]>;
  /**
   * Keeps a new one, or what has changed of one; of one that is signed nothing but what is
   * written, who comes and goes, and the end of the meeting.
   *
   * @param noted goes into the audit log in the same transaction
   */
  saveRecord(record: MeetingRecord, noted?: Noted): Promise<void>;
  getRecord(id: string): Promise<MeetingRecord | undefined>;
  findRecords(query: RecordQuery): Promise<Page<MeetingRecord>>;
}

/** The audit log, for what changes nothing that is stored. */
export interface RecordAudit {
  note(noted: Noted): Promise<void>;
}

/** Hides what is handed out and is to come back as it was. */
export interface Seal {
  seal(secret: Uint8Array, owner: string): string;
  /** Undefined for what was not sealed here for this owner. */
  open(text: string, owner: string): Uint8Array | undefined;
}

/** The run of a conference that a record is about. */
export interface Run {
  readonly title: string;
  readonly groupId?: SiteGroupId;
  readonly startedAtMs: number;
  /** The planned start where that is later. */
  readonly dueAtMs: number;
  readonly isOfMeeting: boolean;
  /** In the order the conference has them. */
  readonly sites: readonly { readonly siteId: SiteId; readonly name: string }[];
}

/** Conferences as records need them. */
export interface RecordRooms {
  /** Undefined when there is no such conference, or nobody is in it. */
  run(id: ConferenceId): Promise<Run | undefined>;
  /** Its meeting runs, or somebody is in it. */
  isRunning(id: ConferenceId): boolean;
  /** When the meeting began that runs. */
  meetingStart(id: ConferenceId): number | undefined;
  participants(id: ConferenceId): readonly Participant[];
  /** What has been written since it was opened; the oldest first. */
  chat(id: ConferenceId): readonly ChatLine[];
  /** Told whenever one of these may be otherwise. Returns its own undo. */
  onChange(listener: (id: ConferenceId) => void): () => void;
}
