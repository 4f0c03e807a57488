import { endWords, type Words } from '../contract/call-ends.ts';
import type { MeetingState } from './meeting-state.ts';
import type { PlannedSite, SavedSite } from './ports.ts';
import type { SiteState } from './site-state.ts';

/** One site of a meeting as people see it. */
export interface SiteView {
  readonly siteId: string;
  readonly name: string;
  readonly role: PlannedSite['role'];
  readonly state: SiteState;
  readonly sinceMs: number;
  readonly dialOut: boolean;
  /** Calls made to it in this meeting. */
  readonly attempts: number;
  /** Why it is not here, or what came of the last call. */
  readonly reason?: { readonly code: string } & Words;
  /** Of `retry-at`. */
  readonly retryAtMs?: number;
  /** Of our call to it, while that stands. */
  readonly callId?: string;
  /** Its endpoints in the conference. */
  readonly participantIds: readonly string[];
}

/** One time a conference takes place, as a calendar shows it. */
export interface PlannedMeetingView {
  readonly conferenceId: string;
  readonly name: string;
  readonly state: MeetingState;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** A meeting as people see it. */
export interface MeetingView {
  readonly conferenceId: string;
  readonly name: string;
  readonly state: 'running' | 'ended';
  readonly startedAtMs: number;
  readonly startedBy: string;
  readonly occurrenceStartMs?: number;
  readonly endsAtMs?: number;
  readonly isLocked: boolean;
  readonly muteOnEntry: boolean;
  readonly message?: { readonly text: string; readonly untilMs?: number };
  readonly spotlightId?: string;
  readonly sites: readonly SiteView[];
}

export function siteView(
  { siteId, state, sinceMs, attempts, reason, retryAtMs }: SavedSite,
  more: {
    readonly name: string;
    readonly role: PlannedSite['role'];
    readonly dialOut: boolean;
    readonly callId: string | undefined;
    readonly participantIds: readonly string[];
  },
): SiteView {
  const { name, role, dialOut, callId, participantIds } = more;
  return {
    siteId,
    name,
    role,
    state,
    sinceMs,
    dialOut,
    attempts,
    ...(reason !== undefined && { reason: { code: reason, ...endWords(reason) } }),
    ...(retryAtMs !== undefined && { retryAtMs }),
    ...(callId !== undefined && { callId }),
    participantIds,
  };
}
