/** What the API asks of the core; `gateway.ts` hands it in. */
import type { ConferenceDirectory } from '../conferences/conference-directory.ts';
import type { ChairAct, ChairView } from '../contract/chair.ts';
import type { ChatLine } from '../contract/chat.ts';
import type { ContentFloorView } from '../contract/content-floor.ts';
import type { GatewayMessage } from '../contract/events.ts';
import type { Page } from '../contract/paging.ts';
import type {
  BanView,
  CallRecordView,
  CallTraceView,
  CallView,
  HealthView,
  JoinInput,
  JoinView,
  ParticipantView,
  WaitView,
} from '../contract/rest.ts';
import type { SpeakingOrderView } from '../contract/speaking-order.ts';
import type { CallLogQuery, SettingView, SystemView } from '../contract/system.ts';
import type { Noted, Principal } from '../domain/actor.ts';
import type { MeetingDirectory } from '../meetings/meeting-directory.ts';
import type { MetricFamily } from '../observability/prometheus.ts';
import type { RecordDirectory } from '../records/record-directory.ts';
import type { RecordTickets } from '../records/record-tickets.ts';
import type { RollCalls } from '../records/roll-calls.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';

export type Notice = Omit<Extract<GatewayMessage, { type: 'notice' }>, 'type'>;
export type EndedReason = Extract<GatewayMessage, { type: 'ended' }>['reason'];

/** One browser's visit, found by its token. */
export interface Visit {
  readonly participantId: string;
  readonly conferenceId: string;
  /** Id of both rooms at the room server. */
  readonly roomId: string;
  readonly name: string;
  /** The roster now and on each change; returns its own undo. */
  onRoster(listener: (participants: ParticipantView[]) => void): () => void;
  /** Told once when the visit ends, however it does; returns its own undo. */
  onEnded(listener: (reason: EndedReason) => void): () => void;
  setMuted(muted: boolean): void;
  /** Leads the meeting. */
  readonly isChair: boolean;
  /**
   * Becomes a chair by the PIN of chairs.
   *
   * @param address where the request came from
   * @throws GatewayError `pin-wrong`, `rate-limited`
   */
  lead(pin: string, address: string): Promise<void>;
  /** Told when it leads: at once, or when it comes to that. Returns its own undo. */
  onLeading(listener: () => void): () => void;
  /** Asks to speak, or does not any longer. */
  raiseHand(raised: boolean): void;
  /** Hands and the floor, now and on each change; returns its own undo. */
  onOrder(listener: (order: SpeakingOrderView) => void): () => void;
  /** To everybody in the conference. */
  write(text: string): void;
  /** All lines so far, then every new one; returns its own undo. */
  onChat(listener: (lines: readonly ChatLine[]) => void): () => void;
  /** What chairs see, now and on each change; returns its own undo. */
  onChair(listener: (chair: ChairView) => void): () => void;
  /** Of a chair. @throws GatewayError */
  act(act: ChairAct): Promise<void>;
  /** Whoever runs the meeting holds its microphone closed. */
  readonly isHeldMuted: boolean;
  /** What whoever runs the meeting has done, now and on each change; returns its own undo. */
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Whether it may publish its screen now. */
  readonly isSharing: boolean;
  /** @throws GatewayError `content-taken` while somebody else shares */
  share(): void;
  stopSharing(): Promise<void>;
  /** Asks to share while somebody else does, or does not any longer. */
  requestContent(wanted: boolean): void;
  /** Shares on, whoever asked to share instead. */
  denyContent(): void;
  /** Who shares and who asks to, now and on each change; returns its own undo. */
  onContent(listener: (view: ContentFloorView) => void): () => void;
  /** A socket of this browser opened or closed; the core ends visits without any. */
  attached(): void;
  detached(): void;
  leave(): Promise<void>;
}

/** One browser's wait to be let in, found by its token. */
export interface Wait {
  readonly reason: WaitView['waiting']['reason'];
  /** Told once how it ends; `gone` has gone away by itself. Returns its own undo. */
  onEnded(listener: (end: 'admitted' | 'turned-away' | 'gone' | 'shutdown') => void): () => void;
  attached(): void;
  detached(): void;
}

/** What a class lets others call. */
type Public<T> = Pick<T, keyof T>;

/** Where answers to requests with an idempotency key are kept. */
export interface AnswerStore {
  /** Adds one that has no answer yet; gives the one that is there already. */
  addAnswer(row: {
    readonly id: string;
    readonly requestMac: string;
    readonly createdAtMs: number;
  }): Promise<{ readonly requestMac: string; readonly sealed: string | undefined } | undefined>;
  setAnswer(id: string, sealed: string): Promise<void>;
  deleteAnswer(id: string): Promise<void>;
  deleteAnswersBefore(createdAtMs: number): Promise<void>;
}

export interface ApiCore {
  readonly sites: Public<SiteDirectory>;
  readonly conferences: Public<ConferenceDirectory>;
  readonly meetings: Public<MeetingDirectory>;
  readonly records: Public<RecordDirectory>;
  readonly recordTickets: Public<RecordTickets>;
  /** Of the meetings that run. */
  readonly rollCalls: Omit<Public<RollCalls>, 'close'>;
  readonly calls: {
    list(): CallView[];
    log(query: CallLogQuery, by: Principal): Promise<Page<CallRecordView>>;
    trace(callId: string, by: Principal): Promise<CallTraceView | undefined>;
    /** False when there is none. */
    hangup(callId: string): Promise<boolean>;
  };
  readonly bans: {
    /** Those that stand, the latest first. */
    list(): BanView[];
    /** False when there is none. */
    lift(source: string): boolean;
  };
  readonly visits: {
    /** @param address where the request came from */
    join(input: JoinInput, address: string): Promise<JoinView | WaitView>;
    find(token: string): Visit | undefined;
    findWait(token: string): Wait | undefined;
  };
  readonly answers: AnswerStore;
  /** Adds to the audit log what changes nothing that is stored. */
  note(noted: Noted): Promise<void>;
  system(): Promise<SystemView>;
  /** Those in force, without secrets. */
  settings(): SettingView[];
  health(): Promise<HealthView>;
  metrics(): Promise<readonly MetricFamily[]>;
}
