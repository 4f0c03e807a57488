/** What a request in a dialog is refused for before the application sees it; RFC 3261 §12.2.2, §14.2, RFC 3311 §5.2. */
import { cseqOf, type SipRequest } from '../message/message.ts';
import type { HeaderLine } from '../message/serialize.ts';
import type { Dialog } from './dialog.ts';

export interface Refusal {
  readonly status: 491 | 500;
  readonly headers: readonly HeaderLine[];
}

/** Longest wait we ask for after two offers of the peer crossed; RFC 3261 §14.2. */
const MAX_RETRY_AFTER_SEC = 10;

/** The refusal, or undefined when the request is in order. */
export function refusalInDialog(dialog: Dialog, request: SipRequest): Refusal | undefined {
  const seq = cseqOf(request)?.number ?? 0;
  if (dialog.remoteSeq !== undefined && seq < dialog.remoteSeq) return { status: 500, headers: [] };
  if (request.method === 'UPDATE' && dialog.peerUpdatePending) return comeAgain();
  if (!mayCarryOffer(request)) return undefined;
  if (dialog.ownInvitePending || dialog.ownUpdatePending) return { status: 491, headers: [] };
  return isSecondOffer(dialog, request) ? comeAgain() : undefined;
}

/** An UPDATE without SDP only refreshes, and crosses nothing. */
function mayCarryOffer({ method, body }: SipRequest): boolean {
  return method === 'INVITE' || (method === 'UPDATE' && body.length > 0);
}

/** Before the call is answered it is the application that knows whether its offer was. */
function isSecondOffer(dialog: Dialog, { method }: SipRequest): boolean {
  if (method === 'UPDATE') return dialog.peerInvitePending && dialog.state === 'confirmed';
  return dialog.peerInvitePending || dialog.peerUpdatePending;
}

function comeAgain(): Refusal {
  const waitSec = Math.floor(Math.random() * (MAX_RETRY_AFTER_SEC + 1));
  return { status: 500, headers: [['Retry-After', String(waitSec)]] };
}
