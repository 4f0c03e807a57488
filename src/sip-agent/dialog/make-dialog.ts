/** A dialog from the request and the response that make it; RFC 3261 §12.1. */
import { tagOf } from '../message/address.ts';
import { contactUri } from '../message/contact.ts';
import {
  callIdOf,
  cseqOf,
  headerList,
  headerOf,
  type SipRequest,
  type SipResponse,
} from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { Dialog, type DialogState, dialogId } from './dialog.ts';

/** Far from the end of the 31 bits a CSeq has; §8.1.1.5. */
const MAX_FIRST_SEQ = 1_000_000;

/** Number of the first request in a new dialog. */
export function firstSeq(): number {
  return Math.floor(Math.random() * MAX_FIRST_SEQ) + 1;
}

/** The dialog of a request that we answer with 1xx or 2xx; an early one says its Contact later. */
export function uasDialog<Owner>(
  request: SipRequest,
  flow: Flow,
  ours: {
    readonly owner: Owner;
    readonly toTag: string;
    readonly localContact: string;
    readonly state: DialogState;
  },
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
    usage: usageOf(request.method),
    owner: ours.owner,
  };
  const dialog = new Dialog(facts, {
    flow,
    remoteTarget: contactUri(request) ?? '',
    localContact: ours.localContact,
    routeSet: headerList(request, 'record-route'),
    state: ours.state,
    localSeq: firstSeq(),
    remoteSeq: cseqOf(request)?.number,
  });
  dialog.noteAllowed(request);
  return dialog;
}

/** The dialog of a request of ours that the peer answered with 1xx or 2xx. */
export function uacDialog<Owner>(
  sent: {
    readonly method: string;
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
  const localTag = tagOf(sent.from) ?? '';
  const to = headerOf(response, 'to') ?? '';
  const facts = {
    id: dialogId(sent.callId, localTag),
    role: 'uac' as const,
    callId: sent.callId,
    localTag,
    remoteTag: tagOf(to) ?? '',
    localAddress: sent.from,
    remoteAddress: to,
    usage: usageOf(sent.method),
    owner,
  };
  const dialog = new Dialog(facts, {
    flow,
    remoteTarget: contactUri(response) ?? sent.uri,
    localContact: sent.contact,
    routeSet: routeSetOf(response),
    state: response.status < 200 ? 'early' : 'confirmed',
    localSeq: sent.seq,
    remoteSeq: undefined,
  });
  dialog.noteAllowed(response);
  return dialog;
}

/** An early dialog of ours is confirmed by this 2xx: its route set counts from now on; RFC 3261 §13.2.2.4. */
export function confirmUacDialog(dialog: Dialog, response: SipResponse, flow: Flow): void {
  dialog.routeSet = routeSetOf(response);
  dialog.flow = flow;
  dialog.refreshTarget(response);
  dialog.noteAllowed(response);
  dialog.confirm();
}

function routeSetOf(response: SipResponse): string[] {
  return headerList(response, 'record-route').reverse();
}

function usageOf(method: string): 'invite' | 'subscribe' {
  return method === 'SUBSCRIBE' ? 'subscribe' : 'invite';
}
