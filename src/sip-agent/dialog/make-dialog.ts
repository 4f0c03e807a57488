/** A dialog from the request and the 2xx that make it; RFC 3261 §12.1. */
import { tagOf } from '../message/address.ts';
import {
  callIdOf,
  cseqOf,
  headerList,
  headerOf,
  type SipRequest,
  type SipResponse,
} from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { contactUri, Dialog, dialogId } from './dialog.ts';

/** Far from the end of the 31 bits a CSeq has; §8.1.1.5. */
const MAX_FIRST_SEQ = 1_000_000;

/** Number of the first request in a new dialog. */
export function firstSeq(): number {
  return Math.floor(Math.random() * MAX_FIRST_SEQ) + 1;
}

/** The dialog of an INVITE that we answered with 2xx. */
export function uasDialog<Owner>(
  request: SipRequest,
  flow: Flow,
  ours: { readonly owner: Owner; readonly toTag: string; readonly localContact: string },
): Dialog<Owner> {
  const callId = callIdOf(request);
  const from = headerOf(request, 'from') ?? '';
  const remoteTag = tagOf(from) ?? '';
  const facts = {
    id: dialogId(callId, remoteTag),
    role: 'uas' as const,
    callId,
    localTag: ours.toTag,
    remoteTag,
    localAddress: `${headerOf(request, 'to') ?? ''};tag=${ours.toTag}`,
    remoteAddress: from,
    localContact: ours.localContact,
    routeSet: headerList(request, 'record-route'),
    owner: ours.owner,
  };
  return new Dialog(facts, {
    flow,
    remoteTarget: contactUri(request) ?? '',
    localSeq: firstSeq(),
    remoteSeq: cseqOf(request)?.number,
  });
}

/** The dialog of an INVITE of ours that the peer answered with 2xx. */
export function uacDialog<Owner>(
  invite: {
    readonly callId: string;
    readonly from: string;
    readonly contact: string;
    readonly uri: string;
    readonly seq: number;
  },
  response: SipResponse,
  flow: Flow,
  owner: Owner,
): Dialog<Owner> {
  const localTag = tagOf(invite.from) ?? '';
  const to = headerOf(response, 'to') ?? '';
  const facts = {
    id: dialogId(invite.callId, localTag),
    role: 'uac' as const,
    callId: invite.callId,
    localTag,
    remoteTag: tagOf(to) ?? '',
    localAddress: invite.from,
    remoteAddress: to,
    localContact: invite.contact,
    routeSet: headerList(response, 'record-route').reverse(),
    owner,
  };
  return new Dialog(facts, {
    flow,
    remoteTarget: contactUri(response) ?? invite.uri,
    localSeq: invite.seq,
    remoteSeq: undefined,
  });
}
