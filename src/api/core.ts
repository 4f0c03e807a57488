/** What the API asks of the core; `gateway.ts` hands it in. */
import type { ConferenceDirectory } from '../conferences/conference-directory.ts';
import type { GatewayMessage } from '../contract/events.ts';
import type {
  BanView,
  CallRecordView,
  CallTraceView,
  CallView,
  HealthView,
  JoinInput,
  JoinView,
  ParticipantView,
} from '../contract/rest.ts';
import type { MetricFamily } from '../observability/prometheus.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';

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

/** What a class lets others call. */
type Public<T> = Pick<T, keyof T>;

export interface ApiCore {
  readonly sites: Public<SiteDirectory>;
  readonly conferences: Public<ConferenceDirectory>;
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
