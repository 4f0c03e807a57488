import type { GatewayErrorCode } from './errors.ts';
import type { CallId, ConferenceId, EndpointId, ParticipantId, SiteId } from './ids.ts';

/**
 * Life of one leg. Of one that we began, `offered` is until it rings there.
 *
 *   offered ──admit──▶ ringing ──answer──▶ answered ──ack──▶ connected
 *      │                  │                   │                  │
 *      └──────end─────────┴────────end────────┴───────end────────┴──▶ ended
 *
 * `answered` is separate from `connected` because a UAS must not send BYE on a
 * confirmed dialog before the ACK or its timeout. RFC 3261 §15.
 */
export type LegState = 'offered' | 'ringing' | 'answered' | 'connected' | 'ended';
export type LegEvent = 'admit' | 'answer' | 'ack' | 'end';

const TRANSITIONS: Record<LegState, Partial<Record<LegEvent, LegState>>> = {
  offered: { admit: 'ringing', end: 'ended' },
  ringing: { answer: 'answered', end: 'ended' },
  answered: { ack: 'connected', end: 'ended' },
  connected: { end: 'ended' },
  ended: {},
};

/** Next state, or undefined when the event means nothing in this state. */
export function nextLegState(state: LegState, event: LegEvent): LegState | undefined {
  return TRANSITIONS[state][event];
}

/** Why a call ended: a normal end, or the code of the error that ended it. */
export type EndReason =
  | 'peer-hangup'
  | 'room-hangup'
  | 'cancelled'
  | 'operator'
  | 'shutdown'
  /** The program was stopped without warning while it ran. */
  | 'crash'
  | GatewayErrorCode;

/** A running call as lists show it. */
export interface Call {
  readonly callId: CallId;
  /** `out`: we called. */
  readonly direction: 'in' | 'out';
  /** Undefined while the caller is in the voice menu. */
  readonly participantId?: ParticipantId;
  readonly conferenceId?: ConferenceId;
  readonly siteId: SiteId;
  readonly endpointId: EndpointId;
  readonly siteName: string;
  readonly state: LegState;
  readonly startedAtMs: number;
  readonly sipTransport: string;
  readonly remoteAddr: string;
  readonly userAgent: string;
}
