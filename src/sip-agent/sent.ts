/** A request of ours whose responses somebody waits for. */
import { dialogId } from './dialog/dialog.ts';
import type { Forks } from './dialog/forks.ts';
import { uacDialog } from './dialog/make-dialog.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import type { AppMessage } from './drachtio/app-message.ts';
import { tagOf } from './message/address.ts';
import type { SipRequest, SipResponse } from './message/message.ts';
import { headerValue, type Outgoing, seqOf } from './outgoing-request.ts';
import type { AppDialog } from './pending-requests.ts';
import type { ClientTransaction } from './transaction/client-transaction.ts';
import type { Flow } from './transport/flow.ts';

export interface Sent {
  readonly id: string;
  /** Undefined when we sent it by ourselves. */
  readonly app: AppConnection | undefined;
  /** Told of the final response when we did. */
  readonly onFinal: ((response: SipResponse) => void) | undefined;
  /** The dialog it went out in; undefined outside. */
  readonly dialog: AppDialog | undefined;
  readonly outgoing: Outgoing;
  readonly transaction: ClientTransaction;
  /** Early dialogs of a new INVITE; RSeqs of one in a dialog. */
  readonly forks: Forks<AppConnection>;
  /** The application does not want it any more; with `held` until the peer has answered anything, §9.1. */
  cancel: 'no' | 'held' | 'sent';
  /** Message of the application with the CANCEL. */
  cancelMessage?: AppMessage;
  /** To tag of the 2xx that was told. */
  successTag?: string | undefined;
}

const DIALOG_MAKERS = ['INVITE', 'SUBSCRIBE'];

/** Whether its 2xx makes a dialog. */
function makesDialog({ dialog, outgoing }: Pick<Sent, 'dialog' | 'outgoing'>): boolean {
  return !dialog && DIALOG_MAKERS.includes(outgoing.method);
}

/** The application's name for the dialog it is in or makes; empty when there is none. */
export function dialogIdFor(sent: Pick<Sent, 'dialog' | 'outgoing'>): string {
  if (sent.dialog) return sent.dialog.facts.id;
  if (!makesDialog(sent)) return '';
  const { outgoing } = sent;
  return dialogId(headerValue(outgoing, 'Call-ID'), tagOf(headerValue(outgoing, 'From')) ?? '');
}

/** The dialog that a 1xx or 2xx to it makes, or a NOTIFY that overtakes the 2xx: its From then stands for To. */
export function dialogOf({ outgoing, app }: Sent, response: SipResponse, flow: Flow): AppDialog {
  const sent = {
    method: outgoing.method,
    callId: headerValue(outgoing, 'Call-ID'),
    from: headerValue(outgoing, 'From'),
    contact: headerValue(outgoing, 'Contact'),
    uri: outgoing.uri,
    seq: seqOf(outgoing),
  };
  return uacDialog(sent, response, flow, app as AppConnection);
}

/** A NOTIFY read as if it were the 2xx that it overtook; RFC 6665 §4.1.2.4. */
export function asSuccess(notify: SipRequest): SipResponse {
  const headers = notify.headers
    .filter(({ key }) => key !== 'to' && key !== 'record-route')
    .map(header => (header.key === 'from' ? { ...header, key: 'to' } : header));
  // Of a request the route set is taken as it stands, of a response backwards.
  const routes = notify.headers.filter(({ key }) => key === 'record-route').reverse();
  const { head, body } = notify;
  return {
    kind: 'response',
    status: 200,
    reason: 'OK',
    headers: [...headers, ...routes],
    head,
    body,
  };
}
