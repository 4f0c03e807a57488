import type { Answers } from './answers.ts';
import type { Dialogs } from './dialog/dialogs.ts';
import { refusalInDialog } from './dialog/in-dialog-rules.ts';
import { parseRack } from './dialog/reliable-responses.ts';
import { isTooShort, MIN_SE } from './dialog/session-terms.ts';
import { endsSubscription } from './dialog/subscriptions.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import type { Apps } from './drachtio/apps.ts';
import type { CallRecords } from './drachtio/call-records.ts';
import type { SourceGuard } from './guard/source-guard.ts';
import { tagIn } from './message/address.ts';
import { callIdOf, cseqOf, headerOf, type SipRequest, sizeOf } from './message/message.ts';
import { type Fault, faultOf, isAnswerable } from './message/sanity.ts';
import { type HeaderLine, newTag } from './message/serialize.ts';
import { verbatim } from './message/via.ts';
import { type AppDialog, type Pending, wouldBeDialogId } from './pending-requests.ts';
import type { RareLog } from './rare-log.ts';
import { ownResponse } from './responses.ts';
import type { ServerTransaction } from './transaction/server-transaction.ts';
import { ServerTransactions } from './transaction/server-transactions.ts';
import { type Flow, peerOf } from './transport/flow.ts';
import type { Transports } from './transport/transports.ts';

export interface UserAgentServerDeps {
  readonly transports: Pick<Transports, 'flowTo'>;
  readonly dialogs: Dialogs<AppConnection>;
  readonly apps: Pick<Apps, 'next'>;
  readonly answers: Answers;
  readonly records: CallRecords;
  /** The dialog that a NOTIFY makes when it overtakes the 2xx to our SUBSCRIBE. */
  readonly subscribedBy: (notify: SipRequest, flow: Flow) => AppDialog | undefined;
  /** A dialog is over by the peer's word: stop what still runs for it. */
  readonly onDialogEnded: (dialog: AppDialog) => void;
  /** Told how requests from outside of dialogs were answered. */
  readonly guard?: Pick<SourceGuard, 'answered'> | undefined;
  readonly log: RareLog;
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
const METHODS = [...ROUTED, ...IN_DIALOG_ONLY];
const ALLOW: HeaderLine = ['Allow', METHODS.join(', ')];
const RETRY_AFTER: HeaderLine = ['Retry-After', '10'];

/** The receiving half: requests of peers, up to the application. RFC 3261 §8.2, §9.2, §12.2.2. */
export class UserAgentServer {
  readonly #deps: UserAgentServerDeps;
  readonly #transactions: ServerTransactions;

  constructor(deps: UserAgentServerDeps) {
    this.#deps = deps;
    this.#transactions = new ServerTransactions(deps.transports);
  }

  get size(): number {
    return this.#transactions.size;
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
    const transaction = this.#begin(request, flow);
    if (!transaction) this.#deps.log.warn({}, 'too many requests: some are dropped');
    else if (request.method === 'CANCEL') this.#onCancel(request, flow, transaction);
    else if (!METHODS.includes(request.method)) answerer(request, flow, transaction)(405, [ALLOW]);
    else if (tagIn(request, 'to') !== undefined) this.#onInDialog(request, flow, transaction);
    else this.#onNew(request, flow, transaction);
  }

  /** A request that cannot be handled, told so where that is possible. */
  refuse(request: SipRequest, flow: Flow, fault: Fault): void {
    if (!isAnswerable(request) || request.method === 'ACK') return;
    const transaction = this.#transactions.find(request) ?? this.#begin(request, flow);
    const headers: HeaderLine[] = [['Warning', `399 ${flow.localHost} "${fault.text}"`]];
    transaction?.respond(fault.status, ownResponse(request, flow, fault.status, { headers }));
  }

  /** Tells the application by a CANCEL that the peer's INVITE is over, though the peer sent none. */
  cancelFor({ app, id, request, flow, dialogId, toTag }: Pending): void {
    const cancel = ownResponse(request, flow, 200, { toTag })
      .toString()
      .replace(/^SIP\/2\.0 200 OK/, `CANCEL ${request.uri} SIP/2.0`)
      .replace(/^CSeq: (\d+) .*$/m, 'CSeq: $1 CANCEL');
    const data = Buffer.from(cancel);
    const from = { bytes: 0, protocol: flow.protocol, ...peerOf(flow) };
    app.deliver(data, { source: 'network', ...from, transactionId: id, dialogId });
  }

  /** Whether a request belongs to something that stands: a dialog, or a request that is being answered. */
  expects(request: SipRequest): boolean {
    const isCancel = request.method === 'CANCEL';
    const known = this.#transactions.find(request, isCancel ? 'INVITE' : undefined);
    return known !== undefined || this.#dialogOf(request) !== undefined;
  }

  close(): void {
    this.#transactions.close();
  }

  #begin(request: SipRequest, flow: Flow): ServerTransaction | undefined {
    const isNew = tagIn(request, 'to') === undefined;
    const { guard } = this.#deps;
    const judge = guard && isNew ? judgeOf(guard, request.method, flow) : undefined;
    return this.#transactions.begin(request, flow, judge);
  }

  #onNew(request: SipRequest, flow: Flow, transaction: ServerTransaction): void {
    const { method } = request;
    const answer = answerer(request, flow, transaction);
    if (IN_DIALOG_ONLY.includes(method)) return answer(481);
    const clash = method === 'INVITE' ? this.#clashOf(request) : undefined;
    if (clash) return answer(clash);
    if (method === 'INVITE' && isTooShort(request)) return answer(422, [MIN_SE]);
    if (method === 'INVITE') answer(100);
    const app = this.#deps.apps.next(method);
    if (!app) return answer(503, [RETRY_AFTER]);
    const given = { app, request, flow, transaction, dialog: undefined, toTag: newTag() };
    this.#deliver(this.#deps.answers.pending.add(given), request, flow);
    if (method !== 'INVITE') return;
    this.#deps.records.attempt('network', Buffer.concat([request.head, request.body]));
  }

  /** An INVITE for a dialog that exists or is being made: it came by two ways, §8.2.2.2, or too early. */
  #clashOf(request: SipRequest): 482 | 491 | undefined {
    const same = this.#deps.answers.pending.sameInvite(request);
    const dialog = this.#deps.dialogs.byId(wouldBeDialogId(request));
    if (!same && !dialog) return undefined;
    const seq = same ? cseqOf(same.request)?.number : dialog?.remoteSeq;
    return cseqOf(request)?.number === seq ? 482 : 491;
  }

  #onInDialog(request: SipRequest, flow: Flow, transaction: ServerTransaction): void {
    const answer = answerer(request, flow, transaction);
    const dialog = this.#dialogOf(request) ?? this.#deps.subscribedBy(request, flow);
    if (!dialog) return answer(481);
    const refusal = refusalInDialog(dialog, request);
    if (refusal) return answer(refusal.status, refusal.headers);
    if (isTooShort(request)) return answer(422, [MIN_SE]);
    dialog.remoteSeq = cseqOf(request)?.number;
    dialog.flow = flow;
    if (request.method === 'BYE' && this.#end(dialog, request)) return answer(200);
    if (request.method === 'PRACK' && !this.#isAwaited(dialog, request)) return answer(481);
    const { owner: app, localTag: toTag } = dialog.facts;
    if (!app.isOpen) return answer(481);
    if (request.method === 'INVITE') answer(100);
    const given = { app, request, flow, transaction, dialog, toTag };
    const { pending } = this.#deps.answers;
    // An UPDATE before the answer is told under its INVITE's id: the client looks for it there.
    const isEarly = request.method === 'UPDATE' && dialog.state === 'early';
    const id = isEarly ? pending.inviteOf(dialog)?.id : undefined;
    this.#deliver(pending.add(given, id), request, flow);
    if (isLastNotify(dialog, request)) this.#ended(dialog);
  }

  /** RFC 3261 §9.2; a CANCEL that comes after the final response changes nothing. */
  #onCancel(request: SipRequest, flow: Flow, transaction: ServerTransaction): void {
    const cancelled = this.#transactions.find(request, 'INVITE');
    if (!cancelled) return answerer(request, flow, transaction)(481);
    const pending = this.#deps.answers.pending.ofTransaction(cancelled);
    const toTag = pending ? { toTag: pending.toTag } : {};
    transaction.respond(200, ownResponse(request, flow, 200, toTag));
    if (!pending) return;
    this.#deps.answers.answerFor(pending, 487);
    this.#deliver(pending, request, flow);
  }

  #onAck(request: SipRequest, flow: Flow): void {
    const transaction = this.#transactions.find(request);
    if (transaction?.state === 'completed') return transaction.acknowledged();
    const dialog = this.#dialogOf(request);
    // None for a repeated ACK, one to an older INVITE, or one to a failure already forgotten.
    const transactionId = dialog && this.#deps.answers.acknowledgeSuccess(dialog, request);
    if (!dialog || transactionId === undefined) return;
    dialog.facts.owner.deliver(verbatim(request, peerOf(flow)), {
      source: 'network',
      bytes: sizeOf(request),
      protocol: '',
      ...peerOf(flow),
      transactionId,
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

  #isAwaited(dialog: AppDialog, prack: SipRequest): boolean {
    const rack = parseRack(headerOf(prack, 'rack'));
    return this.#deps.answers.acknowledgeReliable(dialog, rack);
  }

  /**
   * The peer hung up: what else it asked for in the dialog is void, RFC 3261
   * §15.1.2. True when the call was not answered yet: the application then
   * hears of a CANCEL, since it has no dialog that a BYE could end.
   */
  #end(dialog: AppDialog, bye: SipRequest): boolean {
    const { answers, records } = this.#deps;
    for (const pending of answers.pending.ofDialog(dialog)) answers.answerFor(pending, 487);
    const invite = dialog.state === 'early' ? answers.pending.inviteOf(dialog) : undefined;
    if (invite) {
      answers.answerFor(invite, 487);
      this.cancelFor(invite);
    } else records.stop('network', 'normal-release', Buffer.concat([bye.head, bye.body]));
    this.#ended(dialog);
    return invite !== undefined;
  }

  #ended(dialog: AppDialog): void {
    this.#deps.dialogs.remove(dialog);
    this.#deps.onDialogEnded(dialog);
  }

  #dialogOf(request: SipRequest): AppDialog | undefined {
    return this.#deps.dialogs.byTags({
      callId: callIdOf(request),
      localTag: tagIn(request, 'to') ?? '',
      remoteTag: tagIn(request, 'from') ?? '',
    });
  }
}

/** Keeps no request: the transaction lives much longer. */
function judgeOf(guard: Pick<SourceGuard, 'answered'>, method: string, flow: Flow) {
  return (status: number) => guard.answered(method, flow, status);
}

function isLastNotify(dialog: AppDialog, { method, headers }: SipRequest): boolean {
  const state = headerOf({ headers }, 'subscription-state');
  return method === 'NOTIFY' && dialog.facts.usage === 'subscribe' && endsSubscription(state);
}

type Answer = (status: number, headers?: readonly HeaderLine[]) => void;

function answerer(request: SipRequest, flow: Flow, transaction: ServerTransaction): Answer {
  return (status, headers = []) =>
    void transaction.respond(status, ownResponse(request, flow, status, { headers }));
}
