import type { GatewayMessage } from '../contract/events.ts';
import type {
  CallView,
  ConferenceInput,
  ConferenceView,
  HealthView,
  JoinInput,
  JoinView,
  ParticipantView,
  SiteInput,
  SiteView,
} from '../contract/rest.ts';

/** Why a browser's visit ended, in the words the browser gets. */
export type EndedReason = Extract<GatewayMessage, { type: 'ended' }>['reason'];

/** What the API asks of the core. It throws `GatewayError`; anything else is answered 500. */
export interface ApiCore {
  readonly sites: {
    list(): Promise<SiteView[]>;
    get(id: string): Promise<SiteView | undefined>;
    /** @throws GatewayError `conflict` */
    create(input: SiteInput): Promise<SiteView>;
    /** False when there was none. */
    delete(id: string): Promise<boolean>;
  };
  readonly conferences: {
    list(): Promise<ConferenceView[]>;
    get(id: string): Promise<ConferenceView | undefined>;
    /** @throws GatewayError `conflict` */
    create(input: ConferenceInput): Promise<ConferenceView>;
    /** False when there was none. */
    delete(id: string): Promise<boolean>;
    /** Undefined when there is no such conference. */
    participants(id: string): Promise<ParticipantView[] | undefined>;
  };
  readonly calls: {
    list(): CallView[];
    /** False when there is no such call. */
    hangup(callId: string): Promise<boolean>;
  };
  readonly visits: {
    /** @throws GatewayError `conference-not-found`, `room-server-down` */
    join(input: JoinInput): Promise<JoinView>;
    find(token: string): Visit | undefined;
  };
  health(): Promise<HealthView>;
}

/** A browser in a conference, as its sockets know it. */
export interface Visit {
  readonly participantId: string;
  readonly conferenceId: string;
  readonly name: string;
  /** Id of both rooms at the room server. */
  readonly roomId: string;
  /** The roster now and on each change; returns its own undo. */
  onRoster(listener: (participants: ParticipantView[]) => void): () => void;
  /** Told once, when the visit ends; returns its own undo. */
  onEnded(listener: (reason: EndedReason) => void): () => void;
  setMuted(muted: boolean): void;
  /** A socket of this visit opened; the core ends the visit some time after the last one closed. */
  attached(): void;
  detached(): void;
  /** Ends the visit. Safe to call twice. */
  leave(): Promise<void>;
}
