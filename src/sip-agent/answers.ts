import { randomUUID } from 'node:crypto';
import type { Dialogs } from './dialog/dialogs.ts';
import { uasDialog } from './dialog/make-dialog.ts';
import { ReliableResponses } from './dialog/reliable-responses.ts';
import { answerTerms, supports } from './dialog/session-terms.ts';
import type { SessionTimers } from './dialog/session-timers.ts';
import { SuccessRepeater } from './dialog/success-repeater.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import { type AppMessage, appHeader, appHeaders } from './drachtio/app-message.ts';
import type { CallRecords } from './drachtio/call-records.ts';
import { tagOf } from './message/address.ts';
import { cseqOf, headerOf, type SipRequest, splitList } from './message/message.ts';
import type { HeaderLine } from './message/serialize.ts';
import { applicationResponse } from './outgoing-response.ts';
import {
  type AppDialog,
  type Pending,
  PendingRequests,
  wouldBeDialogId,
} from './pending-requests.ts';
import { ownResponse } from './responses.ts';
import type { Granted, RegisteredFlows } from './transport/registered-flows.ts';

export interface AnswersDeps {
  readonly registered: RegisteredFlows;
  readonly dialogs: Dialogs<AppConnection>;
  readonly sessions: SessionTimers<AppConnection>;
  readonly subscriptions: { granted(dialog: AppDialog, expires: string | undefined): void };
  readonly records: CallRecords;
  /** A dialog ends by itself: BYE to the peer, and the application is told. */
  readonly giveUp: (dialog: AppDialog, reason: string) => void;
  /** The application is told that the peer does not want its call any more. */
  readonly cancelFor: (pending: Pending) => void;
}

/** A 2xx that waits for its ACK. */
interface Unacknowledged {
  readonly repeater: SuccessRepeater;
  /** The transaction id its ACK is told under. */
  readonly id: string;
  readonly seq: number | undefined;
}

const UNKNOWN = 'Response not sent due to unknown transaction';
const RETRY_AFTER: HeaderLine = ['Retry-After', '10'];
/** Requests whose 2xx makes a dialog; RFC 3261 §12.1.1, RFC 6665 §4.4.1. */
const DIALOG_MAKERS = ['INVITE', 'SUBSCRIBE'];

/** What peers are answered by the application, or in its place, and what comes of it. RFC 3261 §13.3, RFC 3262 §3. */
export class Answers {
  readonly pending: PendingRequests;
  readonly #deps: AnswersDeps;
  readonly #unacknowledged = new Map<AppDialog, Unacknowledged>();

  constructor(deps: AnswersDeps) {
    this.#deps = deps;
    // RFC 4320 §4.2: only an INVITE may be answered with 408.
    this.pending = new PendingRequests(pending =>
      this.answerFor(pending, pending.request.method === 'INVITE' ? 408 : 500),
    );
  }

  get unacknowledged(): number {
    return this.#unacknowledged.size;
  }

  /** The application's answer to a request. */
  respond(app: AppConnection, commandId: string, id: string, message: AppMessage): void {
    const method = /\s(\S+)$/.exec(appHeader(message, 'cseq') ?? '')?.[1];
    const pending = this.pending.byId(id, method);
    const status = Number(/^SIP\/2\.0 (\d{3})(?: |$)/.exec(message.startLine)?.[1]);
    if (!pending || !(status >= 100 && status < 700)) return app.reply(commandId, 'NOK', UNKNOWN);
    const answer = { app, commandId, status, message, isReliable: wantsReliable(status, message) };
    if (answer.isReliable && !mayBeReliable(pending.request))
      return app.reply(commandId, 'NOK', 'Remote endpoint does not support 100rel');
    if (!answer.isReliable && !(status >= 200 && status < 300)) return this.#send(pending, answer);
    const reliable = this.#reliableOf(pending, answer.isReliable);
    if (!reliable?.isBusy) return this.#send(pending, answer);
    reliable.whenIdle(() => this.#sendLate(pending, answer));
  }

  /** Answers a request whose application does not. */
  answerFor(pending: Pending, status: number, headers: readonly HeaderLine[] = []): void {
    const { request, flow, transaction, toTag } = pending;
    const data = ownResponse(request, flow, status, { toTag, headers });
    this.pending.release(pending);
    transaction.respond(status, data);
    if (isNewInvite(pending)) this.#refused(pending, status, data);
  }

  /** An application is gone: whoever waits for its answer gets one from us. */
  appClosed(app: AppConnection): void {
    for (const pending of this.pending.ofApp(app))
      if (pending.dialog) this.answerFor(pending, 481);
      else this.answerFor(pending, 503, [RETRY_AFTER]);
  }

  /** A PRACK came in: its reliable 1xx is not repeated any more. False when it is for none. RFC 3262 §3. */
  acknowledgeReliable(dialog: AppDialog, rack: Parameters<ReliableResponses['acknowledge']>[0]) {
    const invite = this.pending.inviteOf(dialog);
    const fits = invite?.reliable?.acknowledge(rack, cseqOf(invite.request)?.number) ?? false;
    if (fits) dialog.isUsable = true;
    return fits;
  }

  /** The id that an ACK to a 2xx is told under; undefined when none waits for it. */
  acknowledgeSuccess(dialog: AppDialog, request: SipRequest): string | undefined {
    const waiting = this.#unacknowledged.get(dialog);
    if (!waiting || waiting.seq !== cseqOf(request)?.number) return undefined;
    this.forget(dialog);
    return waiting.id;
  }

  /** The dialog ended: its 2xx is not repeated any more. */
  forget(dialog: AppDialog): void {
    this.#unacknowledged.get(dialog)?.repeater.stop();
    this.#unacknowledged.delete(dialog);
  }

  close(): void {
    for (const dialog of [...this.#unacknowledged.keys()]) this.forget(dialog);
    this.pending.clear();
  }

  /** An answer that waited for a PRACK; the command it came with wants to hear of a failure. */
  #sendLate(pending: Pending, answer: Answer): void {
    try {
      if (this.pending.has(pending)) this.#send(pending, answer);
      else answer.app.reply(answer.commandId, 'NOK', UNKNOWN);
    } catch (err) {
      answer.app.reply(answer.commandId, 'NOK', err instanceof Error ? err.message : UNKNOWN);
    }
  }

  #send(pending: Pending, answer: Answer): void {
    const { request, flow, transaction } = pending;
    const { app, commandId, status, message, isReliable } = answer;
    if (status > 100) sayTag(pending, message);
    const session = this.#sessionOf(pending, answer);
    const reliable = isReliable ? pending.reliable : undefined;
    const rseq: HeaderLine[] = reliable ? [['RSeq', String(reliable.nextRseq)]] : [];
    const added = [...rseq, ...(session?.headers ?? [])];
    const { data, contact } = applicationResponse(pending, status, message, added);
    transaction.respond(status, data);
    reliable?.sent(data);
    if (DIALOG_MAKERS.includes(request.method)) pending.dialogId ||= wouldBeDialogId(request);
    const isOver = pending.dialog && request.method === 'BYE';
    const ids = { transactionId: pending.id, dialogId: isOver ? '' : pending.dialogId };
    app.confirmResponse(commandId, flow, ids, data);
    if (status > 100 && status < 200) this.#keepEarly(pending, contact, message);
    if (status < 200) return;
    this.pending.release(pending);
    if (status < 300) this.#succeeded(pending, { message, contact, session, data });
    else if (isNewInvite(pending)) this.#refused(pending, status, data);
    if (request.method === 'PRACK' && pending.dialog)
      this.pending.inviteOf(pending.dialog)?.reliable?.prackAnswered();
  }

  /** A 1xx with our tag makes a dialog that the peer may use at once. RFC 3261 §12.1.1. */
  #keepEarly(pending: Pending, localContact: string, message: AppMessage): void {
    if (!isNewInvite(pending)) return;
    const { request, flow, app, toTag } = pending;
    const made = { owner: app, toTag, localContact, state: 'early' as const };
    pending.early ??= uasDialog(request, flow, made);
    pending.early.peerInvitePending = true;
    if (localContact !== '') pending.early.localContact = localContact;
    pending.early.noteLocalSdp(message.body);
    this.#deps.dialogs.add(pending.early);
  }

  #refused({ early }: Pending, status: number, data: Buffer): void {
    if (early) this.#deps.dialogs.remove(early);
    const isCancelled = status === 487;
    this.#deps.records.stop('application', isCancelled ? 'call-canceled' : 'call-rejected', data);
  }

  #succeeded(pending: Pending, success: Success): void {
    const { request, flow, dialog } = pending;
    const { message, session } = success;
    if (request.method === 'REGISTER') this.#deps.registered.learn(request, flow, granted(message));
    if (request.method === 'SUBSCRIBE') return this.#subscribed(pending, success);
    if (request.method !== 'INVITE' && request.method !== 'UPDATE') return;
    dialog?.refreshTarget(request);
    dialog?.noteAllowed(request);
    const established = dialog ?? this.#established(pending, success);
    established.noteLocalSdp(message.body);
    // Before the call is answered the 2xx to its INVITE is what agrees on the session.
    if (established.state === 'confirmed') this.#deps.sessions.set(established, session?.terms);
    if (request.method === 'INVITE')
      this.#awaitAck(established, pending, dialog ? randomUUID() : pending.id);
  }

  /** The dialog that the 2xx to a new INVITE or SUBSCRIBE makes, or confirms. */
  #established(pending: Pending, { contact: localContact, data }: Success): AppDialog {
    const { request, flow, app, toTag, early } = pending;
    const made = { owner: app, toTag, localContact, state: 'confirmed' as const };
    const dialog = early ?? uasDialog(request, flow, made);
    dialog.localContact = localContact;
    dialog.confirm();
    this.#deps.dialogs.add(dialog);
    if (request.method === 'INVITE') this.#deps.records.start('application', 'uas', data);
    return dialog;
  }

  #subscribed(pending: Pending, success: Success): void {
    const dialog = pending.dialog ?? this.#established(pending, success);
    const asked = headerOf(pending.request, 'expires');
    this.#deps.subscriptions.granted(dialog, appHeader(success.message, 'expires') ?? asked);
  }

  /** What a 2xx agrees on about the session's life. */
  #sessionOf({ request, dialog }: Pending, { status, message }: Answer) {
    const isAgreed = status >= 200 && status < 300;
    if (!isAgreed || (request.method !== 'INVITE' && request.method !== 'UPDATE')) return undefined;
    const current = dialog && this.#deps.sessions.termsOf(dialog);
    return answerTerms(request, appHeader(message, 'session-expires'), current);
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

  #reliableOf(pending: Pending, isWanted: boolean): ReliableResponses | undefined {
    if (!isWanted || pending.reliable) return pending.reliable;
    pending.reliable = new ReliableResponses({
      repeat: data => pending.transaction.repeat(data),
      onGivenUp: () => {
        this.answerFor(pending, 504);
        this.#deps.cancelFor(pending);
      },
    });
    return pending.reliable;
  }
}

interface Answer {
  readonly app: AppConnection;
  readonly commandId: string;
  readonly status: number;
  readonly message: AppMessage;
  readonly isReliable: boolean;
}

interface Success {
  readonly message: AppMessage;
  readonly contact: string;
  readonly session: ReturnType<typeof answerTerms>;
  readonly data: Buffer;
}

function isNewInvite({ request, dialog }: Pending): boolean {
  return request.method === 'INVITE' && !dialog;
}

function wantsReliable(status: number, message: AppMessage): boolean {
  return status > 100 && status < 200 && /100rel/i.test(appHeader(message, 'require') ?? '');
}

function mayBeReliable(request: SipRequest): boolean {
  return request.method === 'INVITE' && supports(request, '100rel');
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
