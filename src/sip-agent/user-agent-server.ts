import { randomUUID } from 'node:crypto';
import type { Dialogs } from './dialog/dialogs.ts';
import { refusalInDialog } from './dialog/in-dialog-rules.ts';
import { uasDialog } from './dialog/make-dialog.ts';
import { SuccessRepeater } from './dialog/success-repeater.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import { type AppMessage, appHeader, appHeaders } from './drachtio/app-message.ts';
import type { Apps } from './drachtio/apps.ts';
import { tagOf } from './message/address.ts';
import {
  callIdOf,
  cseqOf,
  headerOf,
  type SipRequest,
  sizeOf,
  splitList,
} from './message/message.ts';
import { faultOf, isAnswerable } from './message/sanity.ts';
import { type HeaderLine, newTag } from './message/serialize.ts';
import { verbatim } from './message/via.ts';
import { applicationResponse } from './outgoing-response.ts';
import {
  type AppDialog,
  type Pending,
  PendingRequests,
  wouldBeDialogId,
} from './pending-requests.ts';
import type { RareLog } from './rare-log.ts';
import { ownResponse } from './responses.ts';
import type { ServerTransaction } from './transaction/server-transaction.ts';
import { ServerTransactions } from './transaction/server-transactions.ts';
import { type Flow, peerOf } from './transport/flow.ts';
import type { Granted, RegisteredFlows } from './transport/registered-flows.ts';
import type { Transports } from './transport/transports.ts';

export interface UserAgentServerDeps {
  readonly transports: Pick<Transports, 'flowTo'>;
  readonly registered: RegisteredFlows;
  readonly dialogs: Dialogs<AppConnection>;
  readonly apps: Pick<Apps, 'next'>;
  /** A dialog ends by itself: BYE to the peer, and the application is told. */
  readonly giveUp: (dialog: AppDialog, reason: string) => void;
  readonly log: RareLog;
}

/** A 2xx that waits for its ACK. */
interface Unacknowledged {
  readonly repeater: SuccessRepeater;
  /** The transaction id its ACK is told under. */
  readonly id: string;
  readonly seq: number | undefined;
}

/** Methods an application may ask for outside dialogs. */
const ROUTED = [
  'INVITE',
  'REGISTER',
  'OPTIONS',
  'MESSAGE',
  'INFO',
  'NOTIFY',
  'SUBSCRIBE',
  'PUBLISH',
];
/** Methods that make sense only inside one. */
const IN_DIALOG_ONLY = ['ACK', 'BYE', 'CANCEL', 'PRACK', 'REFER', 'UPDATE'];
const ALLOW: HeaderLine = ['Allow', [...ROUTED, ...IN_DIALOG_ONLY].join(', ')];
const RETRY_AFTER: HeaderLine = ['Retry-After', '10'];

/** The receiving half: requests of peers, and the application's answers. RFC 3261 §8.2, §9.2, §12.2.2, §13.3. */
export class UserAgentServer {
  readonly #deps: UserAgentServerDeps;
  readonly #transactions: ServerTransactions;
  readonly #pending = new PendingRequests(pending => this.#answerFor(pending, 408));
  readonly #unacknowledged = new Map<AppDialog, Unacknowledged>();

  constructor(deps: UserAgentServerDeps) {
    this.#deps = deps;
    this.#transactions = new ServerTransactions(deps.transports);
  }

  get stats() {
    return {
      serverTransactions: this.#transactions.size,
      pendingRequests: this.#pending.size,
      unacknowledged: this.#unacknowledged.size,
    };
  }

  /** A request from the network. */
  receive(request: SipRequest, flow: Flow): void {
    const fault = faultOf(request);
    if (request.method === 'ACK') {
      if (!fault) this.#onAck(request, flow);
      return;
    }
    if (fault) return this.refuse(request, flow, fault);
    const known = this.#transactions.find(request);
    if (known) return known.retransmitted();
    const transaction = this.#transactions.begin(request, flow);
    if (!transaction) this.#deps.log.warn({}, 'too many requests: some are dropped');
    else if (request.method === 'CANCEL') this.#onCancel(request, flow, transaction);
    else if (tagOf(headerOf(request, 'to')) !== undefined)
      this.#onInDialog(request, flow, transaction);
    else this.#onNew(request, flow, transaction);
  }

  /** A request that cannot be handled, told so where that is possible. */
  refuse(
    request: SipRequest,
    flow: Flow,
    fault: { readonly status: 400 | 505; readonly text: string },
  ): void {
    if (!isAnswerable(request) || request.method === 'ACK') return;
    const transaction = this.#transactions.find(request) ?? this.#transactions.begin(request, flow);
    const headers: HeaderLine[] = [['Warning', `399 ${flow.localHost} "${fault.text}"`]];
    transaction?.respond(fault.status, ownResponse(request, flow, fault.status, { headers }));
  }

  /** The application's answer to a request. */
  respond(app: AppConnection, commandId: string, id: string, message: AppMessage): void {
    const pending = this.#pending.byId(id);
    const status = Number(/^SIP\/2\.0 (\d{3})(?: |$)/.exec(message.startLine)?.[1]);
    if (!pending || !(status >= 100 && status < 700))
      return app.reply(commandId, 'NOK', 'Response not sent due to unknown transaction');
    if (status < 200 && /100rel/i.test(appHeader(message, 'require') ?? ''))
      return app.reply(commandId, 'NOK', 'Remote endpoint does not support 100rel');
    this.#send(app, commandId, pending, status, message);
  }

  /** An application is gone: whoever waits for its answer gets one from us. */
  appClosed(app: AppConnection): void {
    for (const pending of this.#pending.ofApp(app))
      if (pending.dialog) this.#answerFor(pending, 481);
      else this.#answerFor(pending, 503, [RETRY_AFTER]);
  }

  /** The dialog ended: its 2xx is not repeated any more. */
  forget(dialog: AppDialog): void {
    this.#unacknowledged.get(dialog)?.repeater.stop();
    this.#unacknowledged.delete(dialog);
  }

  close(): void {
    for (const dialog of [...this.#unacknowledged.keys()]) this.forget(dialog);
    this.#pending.clear();
    this.#transactions.close();
  }

  #onNew(request: SipRequest, flow: Flow, transaction: ServerTransaction): void {
    const { method } = request;
    const answer = answerer(request, flow, transaction);
    if (IN_DIALOG_ONLY.includes(method)) return answer(481);
    if (!ROUTED.includes(method)) return answer(405, [ALLOW]);
    const clash = method === 'INVITE' ? this.#clashOf(request) : undefined;
    if (clash) return answer(clash);
    if (method === 'INVITE') answer(100);
    const app = this.#deps.apps.next(method);
    if (!app) return answer(503, [RETRY_AFTER]);
    const toTag = newTag();
    const pending = this.#pending.add({
      app,
      request,
      flow,
      transaction,
      dialog: undefined,
      toTag,
    });
    this.#deliver(pending, request, flow);
  }

  /** An INVITE for a dialog that exists or is being made: it came by two ways, §8.2.2.2, or too early. */
  #clashOf(request: SipRequest): 482 | 491 | undefined {
    const same = this.#pending.sameInvite(request);
    const dialog = this.#deps.dialogs.byId(wouldBeDialogId(request));
    if (!same && !dialog) return undefined;
    const seq = same ? cseqOf(same.request)?.number : dialog?.remoteSeq;
    return cseqOf(request)?.number === seq ? 482 : 491;
  }

  #onInDialog(request: SipRequest, flow: Flow, transaction: ServerTransaction): void {
    const answer = answerer(request, flow, transaction);
    const dialog = this.#dialogOf(request);
    if (!dialog) return answer(481);
    const refusal = refusalInDialog(dialog, request);
    if (refusal) return answer(refusal.status, refusal.headers);
    dialog.remoteSeq = cseqOf(request)?.number;
    dialog.flow = flow;
    const { owner: app, localTag: toTag } = dialog.facts;
    if (request.method === 'BYE') this.#end(dialog);
    if (!app.isOpen) return answer(481);
    if (request.method === 'INVITE') answer(100);
    const pending = this.#pending.add({ app, request, flow, transaction, dialog, toTag });
    this.#deliver(pending, request, flow);
  }

  /** RFC 3261 §9.2; a CANCEL that comes after the final response changes nothing. */
  #onCancel(request: SipRequest, flow: Flow, transaction: ServerTransaction): void {
    const cancelled = this.#transactions.find(request, 'INVITE');
    if (!cancelled) return answerer(request, flow, transaction)(481);
    const pending = this.#pending.ofTransaction(cancelled);
    const toTag = pending ? { toTag: pending.toTag } : {};
    transaction.respond(200, ownResponse(request, flow, 200, toTag));
    if (!pending) return;
    this.#answerFor(pending, 487);
    this.#deliver(pending, request, flow);
  }

  #onAck(request: SipRequest, flow: Flow): void {
    const transaction = this.#transactions.find(request);
    if (transaction?.state === 'completed') return transaction.acknowledged();
    const dialog = this.#dialogOf(request);
    const waiting = dialog && this.#unacknowledged.get(dialog);
    // A repeated ACK, one to an older INVITE, or one to a failure already forgotten.
    if (!dialog || !waiting || waiting.seq !== cseqOf(request)?.number) return;
    this.forget(dialog);
    dialog.facts.owner.deliver(verbatim(request, peerOf(flow)), {
      source: 'network',
      bytes: sizeOf(request),
      protocol: '',
      ...peerOf(flow),
      transactionId: waiting.id,
      dialogId: dialog.facts.id,
    });
  }

  /** Gives the application a request under the id of the one it belongs to: itself, or what it cancels. */
  #deliver(pending: Pending, request: SipRequest, flow: Flow): void {
    const isNew = pending.request === request && !pending.dialog;
    pending.app.deliver(verbatim(request, peerOf(flow)), {
      source: 'network',
      bytes: sizeOf(request),
      protocol: flow.protocol,
      ...peerOf(flow),
      transactionId: pending.id,
      dialogId: pending.dialogId,
      ...(isNew && { receivedOn: { host: flow.localHost, port: flow.localPort } }),
    });
  }

  /** Answers a request whose application does not. */
  #answerFor(pending: Pending, status: number, headers: readonly HeaderLine[] = []): void {
    this.#pending.release(pending);
    const { request, flow, transaction, toTag } = pending;
    transaction.respond(status, ownResponse(request, flow, status, { toTag, headers }));
  }

  #send(
    app: AppConnection,
    commandId: string,
    pending: Pending,
    status: number,
    message: AppMessage,
  ): void {
    const { request, flow, transaction } = pending;
    if (status > 100) sayTag(pending, message);
    const { data, contact } = applicationResponse(pending, status, message);
    transaction.respond(status, data);
    if (request.method === 'INVITE' || request.method === 'SUBSCRIBE')
      pending.dialogId ||= wouldBeDialogId(request);
    const isOver = pending.dialog && request.method === 'BYE';
    const ids = { transactionId: pending.id, dialogId: isOver ? '' : pending.dialogId };
    app.confirmResponse(commandId, flow, ids, data);
    if (status < 200) return;
    this.#pending.release(pending);
    if (status < 300) this.#succeeded(pending, message, contact);
  }

  #succeeded(pending: Pending, message: AppMessage, localContact: string): void {
    const { request, flow, app, dialog, toTag } = pending;
    if (request.method === 'REGISTER') this.#deps.registered.learn(request, flow, granted(message));
    if (dialog && ['INVITE', 'UPDATE'].includes(request.method)) dialog.refreshTarget(request);
    if (request.method !== 'INVITE') return;
    if (dialog) return this.#awaitAck(dialog, pending, randomUUID());
    const made = uasDialog(request, flow, { owner: app, toTag, localContact });
    this.#deps.dialogs.add(made);
    this.#awaitAck(made, pending, pending.id);
  }

  #awaitAck(dialog: AppDialog, { transaction, request }: Pending, id: string): void {
    this.forget(dialog);
    const repeater = new SuccessRepeater(
      () => transaction.repeat(),
      () => {
        this.#unacknowledged.delete(dialog);
        this.#deps.giveUp(dialog, 'ACK timeout');
      },
    );
    this.#unacknowledged.set(dialog, { repeater, id, seq: cseqOf(request)?.number });
  }

  /** The peer hung up: what else it asked for in the dialog is void; RFC 3261 §15.1.2. */
  #end(dialog: AppDialog): void {
    for (const pending of this.#pending.ofDialog(dialog)) this.#answerFor(pending, 487);
    this.forget(dialog);
    this.#deps.dialogs.remove(dialog);
  }

  #dialogOf(request: SipRequest): AppDialog | undefined {
    return this.#deps.dialogs.byTags({
      callId: callIdOf(request),
      localTag: tagOf(headerOf(request, 'to')) ?? '',
      remoteTag: tagOf(headerOf(request, 'from')) ?? '',
    });
  }
}

/** The To tag is settled by the first answer; the application may choose it there. */
function sayTag(pending: Pending, message: AppMessage): void {
  if (!pending.isTagSaid) pending.toTag = tagOf(appHeader(message, 'to')) ?? pending.toTag;
  pending.isTagSaid = true;
}

function granted(message: AppMessage): Granted {
  const contacts = appHeaders(message, 'contact').flatMap(splitList);
  return { contacts, expires: appHeader(message, 'expires') };
}

type Answer = (status: number, headers?: readonly HeaderLine[]) => void;

function answerer(request: SipRequest, flow: Flow, transaction: ServerTransaction): Answer {
  return (status, headers = []) =>
    void transaction.respond(status, ownResponse(request, flow, status, { headers }));
}
