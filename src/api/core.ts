/** What the API asks of the core; `gateway.ts` hands it in. */
import type { GatewayMessage } from '../contract/events.ts';
import type {
  BanView,
  CallRecordView,
  CallTraceView,
  CallView,
  ConferenceInput,
  ConferenceView,
  EndpointEventView,
  HealthView,
  JoinInput,
  JoinView,
  LayoutInput,
  LayoutView,
  ParticipantDetailView,
  ParticipantView,
  SiteInput,
  SiteView,
  SnapshotQuery,
} from '../contract/rest.ts';
import type { MetricFamily } from '../observability/prometheus.ts';

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
  /** Whoever runs the meeting holds its microphone closed. */
  readonly isHeldMuted: boolean;
  /** What whoever runs the meeting has done, now and on each change; returns its own undo. */
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Whether it may publish its screen now. */
  readonly isSharing: boolean;
  /** @throws GatewayError `content-taken` while somebody else shares */
  share(): void;
  stopSharing(): Promise<void>;
  /** A socket of this browser opened or closed; the core ends visits without any. */
  attached(): void;
  detached(): void;
  leave(): Promise<void>;
}

export interface Snapshot {
  readonly jpeg: Buffer;
  readonly takenAtMs: number;
}

export interface ApiCore {
  readonly sites: {
    list(): Promise<SiteView[]>;
    get(id: string): Promise<SiteView | undefined>;
    create(input: SiteInput): Promise<SiteView>;
    delete(id: string): Promise<boolean>;
    history(id: string, endpointId: string): Promise<EndpointEventView[] | undefined>;
  };
  readonly conferences: {
    list(): Promise<ConferenceView[]>;
    get(id: string): Promise<ConferenceView | undefined>;
    create(input: ConferenceInput): Promise<ConferenceView>;
    delete(id: string): Promise<boolean>;
    participants(id: string): Promise<ParticipantDetailView[] | undefined>;
    layout(id: string): Promise<LayoutView | undefined>;
    setLayout(id: string, input: LayoutInput): Promise<LayoutView | undefined>;
    snapshot(id: string, query: SnapshotQuery): Promise<Snapshot | undefined>;
  };
  readonly calls: {
    list(): CallView[];
    /** The last calls, the latest first. */
    log(): CallRecordView[];
    trace(callId: string): CallTraceView | undefined;
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
    join(input: JoinInput): Promise<JoinView>;
    find(token: string): Visit | undefined;
  };
  health(): Promise<HealthView>;
  metrics(): Promise<readonly MetricFamily[]>;
}
