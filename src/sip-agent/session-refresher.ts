import { MIN_INTERVAL_SEC, refreshHeaders } from './dialog/session-terms.ts';
import type { SessionTimers } from './dialog/session-timers.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import type { AppMessage } from './drachtio/app-message.ts';
import { headerOf, type SipResponse } from './message/message.ts';
import type { AppDialog } from './pending-requests.ts';
import type { UserAgentClient } from './user-agent-client.ts';

export interface SessionRefresherDeps {
  readonly sessions: SessionTimers<AppConnection>;
  readonly client: Pick<UserAgentClient, 'own'>;
  readonly giveUp: (dialog: AppDialog, reason: string) => void;
}

/** After something crossed our refresh: RFC 3261 §14.1 has the one who owns the Call-ID wait longer. */
const OWNER_RETRY_MS = [2_100, 4_000] as const;
const OTHER_RETRY_MS = [0, 2_000] as const;
/** After a refusal that says nothing of use. */
const RETRY_MS = 10_000;
const NO_UPDATE = [405, 420, 501];

/**
 * Refreshes sessions where that is ours to do, without the application
 * knowing: by an UPDATE without SDP where the peer knows UPDATE, else by a
 * re-INVITE with the SDP we said last. RFC 4028 §7.4, §10.
 */
export class SessionRefresher {
  readonly #deps: SessionRefresherDeps;

  constructor(deps: SessionRefresherDeps) {
    this.#deps = deps;
  }

  /** Half of the interval has passed. */
  refresh(dialog: AppDialog): void {
    const { sessions, client } = this.#deps;
    const terms = sessions.termsOf(dialog);
    // A call whose application is gone is not kept alive.
    if (!terms || !dialog.facts.owner.isOpen) return;
    if (isBusy(dialog)) return sessions.refreshIn(dialog, RETRY_MS);
    const withUpdate = dialog.peerKnowsUpdate || !dialog.localSdp;
    const sdp = withUpdate ? undefined : dialog.localSdp;
    const body = sdp ?? Buffer.alloc(0);
    const message: AppMessage = { startLine: '', headers: refreshHeaders(terms), body };
    client.own(dialog, withUpdate ? 'UPDATE' : 'INVITE', message, response =>
      this.#onAnswer(dialog, response),
    );
  }

  /** A 2xx has set the timer anew where responses are handled. */
  #onAnswer(dialog: AppDialog, response: SipResponse): void {
    const { sessions, giveUp } = this.#deps;
    const { status } = response;
    const terms = sessions.termsOf(dialog);
    if (status < 300 || !terms) return;
    if (status === 408 || status === 481) return giveUp(dialog, 'Session timer expired');
    if (status === 422) {
      const wanted = Number(headerOf(response, 'min-se')) || MIN_INTERVAL_SEC;
      sessions.set(dialog, { ...terms, intervalSec: Math.max(wanted, terms.intervalSec) });
      return this.refresh(dialog);
    }
    if (NO_UPDATE.includes(status) && dialog.peerKnowsUpdate) {
      dialog.peerKnowsUpdate = false;
      return this.refresh(dialog);
    }
    sessions.refreshIn(dialog, status === 491 ? glareWaitMs(dialog) : RETRY_MS);
  }
}

function isBusy(dialog: AppDialog): boolean {
  const { ownInvitePending, ownUpdatePending, peerInvitePending, peerUpdatePending } = dialog;
  return ownInvitePending || ownUpdatePending || peerInvitePending || peerUpdatePending;
}

function glareWaitMs({ facts }: AppDialog): number {
  const [min, max] = facts.role === 'uac' ? OWNER_RETRY_MS : OTHER_RETRY_MS;
  return min + Math.random() * (max - min);
}
