/** What a request in a dialog is refused for before the application sees it; RFC 3261 §12.2.2, §14.2. */
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
  if (request.method !== 'INVITE' && request.method !== 'UPDATE') return undefined;
  if (dialog.ownInvitePending) return { status: 491, headers: [] };
  if (!dialog.peerInvitePending) return undefined;
  const waitSec = Math.floor(Math.random() * (MAX_RETRY_AFTER_SEC + 1));
  return { status: 500, headers: [['Retry-After', String(waitSec)]] };
}
