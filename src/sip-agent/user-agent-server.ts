import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { contactUri, Dialog, dialogId, routeSetOf, seqOf } from './dialog/dialog.ts';
import type { Dialogs } from './dialog/dialogs.ts';
import { SuccessRepeater } from './dialog/success-repeater.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import {
  type AppMessage,
  appHeader,
  contentType,
  otherHeaders,
  withoutLocalhost,
} from './drachtio/app-message.ts';
import type { Apps } from './drachtio/apps.ts';
import { tagOf } from './message/address.ts';
import { cseqOf, headerList, headerOf, type SipRequest } from './message/message.ts';
import { type HeaderLine, newTag, serialize } from './message/serialize.ts';
import { completeTopVia, topVia } from './message/via.ts';
import { copiedHeaders, ownResponse } from './responses.ts';
import { serverKey } from './transaction/keys.ts';
import { ServerTransaction } from './transaction/server-transaction.ts';
import type { Flow } from './transport/flow.ts';
import { responseTarget, type Transports } from './transport/transports.ts';

/** A request that is out with an application. */
interface Pending {
  readonly id: string;
  readonly app: AppConnection;
  readonly transaction: ServerTransaction;
  readonly dialog: Dialog | undefined;
  /** Our tag in the dialog that may come of it. */
  readonly toTag: string;
  /** Set by the first answer: the application's name for the dialog. */
  dialogId: string;
  readonly timer: NodeJS.Timeout;
}

export interface UserAgentServerDeps {
  readonly transports: Transports;
  readonly dialogs: Dialogs;
  readonly apps: Apps;
  /** Sends BYE in a dialog that ends by itself. */
  readonly bye: (dialog: Dialog, reason: string) => void;
  readonly log: Logger;
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
const IN_DIALOG_ONLY = ['BYE', 'UPDATE', 'PRACK', 'REFER', 'ACK', 'CANCEL'];
const ALLOW: HeaderLine = ['Allow', [...ROUTED, ...IN_DIALOG_ONLY].join(', ')];
const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'] as const;
/** An application that does not answer is answered for. */
const INVITE_ANSWER_TIMEOUT_MS = 180_000;
const OTHER_ANSWER_TIMEOUT_MS = 30_000;
const RETRY_AFTER: HeaderLine = ['Retry-After', '10'];

/** The receiving half: requests of peers, and the application's answers. RFC 3261 §8.2, §9.2, §12.2.2, §13.3. */
export class UserAgentServer {
  readonly #deps: UserAgentServerDeps;
  readonly #transactions = new Map<string, ServerTransaction>();
  readonly #pending = new Map<string, Pending>();
  /** 2xx that wait for their ACK, and the id the ACK is told under. */
  readonly #unacknowledged = new Map<Dialog, { repeater: SuccessRepeater; id: string }>();

  constructor(deps: UserAgentServerDeps) {
    this.#deps = deps;
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
    const problem = whatIsWrong(request);
    if (request.method === 'ACK') {
      if (!problem) this.#onAck(request, flow);
      return;
    }
    if (problem) return this.#onMalformed(request, flow, problem);
    const known = this.#transactions.get(serverKey(request));
    if (known) known.retransmitted();
    else if (request.method === 'CANCEL') this.#onCancel(request, flow);
    else if (tagOf(headerOf(request, 'to')) !== undefined) this.#onInDialog(request, flow);
    else this.#onNew(request, flow);
  }

  /** The application's answer to a request. */
  respond(app: AppConnection, commandId: string, id: string, message: AppMessage): void {
    const pending = this.#pending.get(id);
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(message.startLine)?.[1]);
    if (!pending || !(status >= 100 && status < 700))
      return app.reply(commandId, 'NOK', 'Response not sent due to unknown transaction');
    if (/100rel/i.test(appHeader(message, 'require') ?? ''))
      return app.reply(commandId, 'NOK', 'Remote endpoint does not support 100rel');
    try {
      this.#send(app, commandId, pending, status, message);
    } catch (err) {
      app.reply(commandId, 'NOK', err instanceof Error ? err.message : 'cannot be sent');
    }
  }

  /** An application is gone: whoever waits for its answer gets one from us. */
  appClosed(app: AppConnection): void {
    for (const pending of [...this.#pending.values()])
      if (pending.app === app) this.#answerFor(pending, 503, [RETRY_AFTER]);
  }

  /** The dialog ended: its 2xx is not repeated any more. */
  forget(dialog: Dialog): void {
    this.#unacknowledged.get(dialog)?.repeater.stop();
    this.#unacknowledged.delete(dialog);
  }

  close(): void {
    for (const { repeater } of this.#unacknowledged.values()) repeater.stop();
    this.#unacknowledged.clear();
    for (const pending of this.#pending.values()) clearTimeout(pending.timer);
    this.#pending.clear();
    for (const transaction of [...this.#transactions.values()]) transaction.terminate();
  }

  #onNew(request: SipRequest, flow: Flow): void {
    const { method } = request;
    const transaction = this.#begin(request, flow);
    if (IN_DIALOG_ONLY.includes(method)) return answer(transaction, 481);
    if (!ROUTED.includes(method)) return answer(transaction, 405, [ALLOW]);
    if (method === 'INVITE') answer(transaction, 100);
    const app = this.#deps.apps.next(method);
    if (!app) return answer(transaction, 503, [RETRY_AFTER]);
    const pending = this.#hold(app, transaction, undefined, newTag());
    this.#deliver(pending, flow, { host: flow.localHost, port: flow.localPort });
  }

  #onInDialog(request: SipRequest, flow: Flow): void {
    const transaction = this.#begin(request, flow);
    const dialog = this.#dialogOf(request);
    const app = dialog?.facts.owner as AppConnection | undefined;
    if (!dialog || !app) return answer(transaction, 481);
    const refusal = refusalInDialog(dialog, request);
    if (refusal) return answer(transaction, refusal.status, refusal.headers);
    dialog.remoteSeq = seqOf(request);
    dialog.flow = flow;
    if (request.method === 'BYE') this.#end(dialog);
    if (!app.isOpen) return answer(transaction, 481);
    if (request.method === 'INVITE') {
      dialog.peerInvitePending = true;
      answer(transaction, 100);
    }
    const pending = this.#hold(app, transaction, dialog, dialog.facts.localTag);
    this.#deliver(pending, flow);
  }

  /** RFC 3261 §9.2; a CANCEL that comes after the final response changes nothing. */
  #onCancel(request: SipRequest, flow: Flow): void {
    const cancelled = this.#transactions.get(serverKey(request, 'INVITE'));
    const transaction = this.#begin(request, flow);
    if (!cancelled) return answer(transaction, 481);
    const pending = [...this.#pending.values()].find(other => other.transaction === cancelled);
    transaction.respond(
      200,
      ownResponse(request, flow, 200, { toTag: pending?.toTag ?? newTag() }),
    );
    if (!pending) return;
    this.#answerFor(pending, 487);
    const source = { host: flow.remoteHost, port: flow.remotePort };
    pending.app.deliver(verbatim(request, source), {
      source: 'network',
      bytes: sizeOf(request),
      protocol: flow.protocol,
      ...source,
      transactionId: pending.id,
      dialogId: pending.dialogId,
    });
  }

  #onAck(request: SipRequest, flow: Flow): void {
    const transaction = this.#transactions.get(serverKey(request));
    if (transaction?.state === 'completed') return transaction.acknowledged();
    const dialog = this.#dialogOf(request);
    const waiting = dialog && this.#unacknowledged.get(dialog);
    if (!dialog || !waiting) return; // a repeated ACK, or one to a failure already forgotten
    this.forget(dialog);
    const source = { host: flow.remoteHost, port: flow.remotePort };
    (dialog.facts.owner as AppConnection).deliver(verbatim(request, source), {
      source: 'network',
      bytes: sizeOf(request),
      protocol: '',
      ...source,
      transactionId: waiting.id,
      dialogId: dialog.facts.id,
    });
  }

  #onMalformed(request: SipRequest, flow: Flow, problem: string): void {
    const answerable = MANDATORY.every(key => headerOf(request, key) !== undefined);
    if (!answerable) return this.#deps.log.debug({ problem }, 'request dropped');
    answer(this.#begin(request, flow), 400, [['Warning', `399 ${flow.localHost} "${problem}"`]]);
  }

  #begin(request: SipRequest, flow: Flow): ServerTransaction {
    const key = serverKey(request);
    const respondTo = () =>
      flow.isOpen && flow.protocol === 'tcp' ? flow : this.#flowBack(request, flow);
    const transaction = new ServerTransaction(request, flow, respondTo, () => {
      this.#transactions.delete(key);
    });
    this.#transactions.set(key, transaction);
    return transaction;
  }

  #flowBack(request: SipRequest, flow: Flow): Flow {
    return this.#deps.transports.flowTo(responseTarget(request, flow));
  }

  #hold(
    app: AppConnection,
    transaction: ServerTransaction,
    dialog: Dialog | undefined,
    toTag: string,
  ): Pending {
    const timeoutMs = transaction.isInvite ? INVITE_ANSWER_TIMEOUT_MS : OTHER_ANSWER_TIMEOUT_MS;
    const timer = setTimeout(() => this.#answerFor(pending, 408), timeoutMs);
    const id = randomUUID();
    const known = dialog?.facts.id ?? '';
    const pending: Pending = { id, app, transaction, dialog, toTag, dialogId: known, timer };
    this.#pending.set(id, pending);
    return pending;
  }

  #release(pending: Pending): void {
    clearTimeout(pending.timer);
    this.#pending.delete(pending.id);
    if (pending.dialog && pending.transaction.isInvite) pending.dialog.peerInvitePending = false;
  }

  #deliver(pending: Pending, flow: Flow, receivedOn?: { host: string; port: number }): void {
    const { request } = pending.transaction;
    const source = { host: flow.remoteHost, port: flow.remotePort };
    pending.app.deliver(verbatim(request, source), {
      source: 'network',
      bytes: sizeOf(request),
      protocol: flow.protocol,
      ...source,
      transactionId: pending.id,
      dialogId: pending.dialogId,
      ...(receivedOn && { receivedOn }),
    });
  }

  /** Answers a request whose application does not. */
  #answerFor(pending: Pending, status: number, headers: readonly HeaderLine[] = []): void {
    this.#release(pending);
    const { transaction, toTag } = pending;
    const data = ownResponse(transaction.request, transaction.flow, status, { toTag, headers });
    transaction.respond(status, data);
  }

  #send(
    app: AppConnection,
    commandId: string,
    pending: Pending,
    status: number,
    message: AppMessage,
  ): void {
    const { transaction } = pending;
    const { request, flow } = transaction;
    const toTag = tagOf(appHeader(message, 'to')) ?? pending.toTag;
    const contact = this.#contactFor(request, flow, status, message);
    const headers = [
      ...copiedHeaders(request, flow, status === 100 ? undefined : toTag),
      ...(makesDialog(request, status) ? recordRoutes(request) : []),
      ...contact,
      ...otherHeaders(message, ['from', 'to', 'call-id', 'cseq', 'contact', 'content-type']),
      ...contentType(message),
    ];
    const data = serialize(message.startLine, headers, message.body);
    if (!transaction.respond(status, data))
      return app.reply(commandId, 'NOK', 'Response not sent due to unknown transaction');
    if (request.method === 'INVITE' || request.method === 'SUBSCRIBE')
      pending.dialogId ||= dialogId(
        headerOf(request, 'call-id') ?? '',
        tagOf(headerOf(request, 'from')) ?? '',
      );
    const ids = { transactionId: pending.id, dialogId: pending.dialogId };
    app.confirmResponse(commandId, flow, ids, data);
    if (status >= 200) this.#concluded(pending, status, toTag, contact[0]?.[1] ?? '');
  }

  #concluded(pending: Pending, status: number, toTag: string, localContact: string): void {
    this.#release(pending);
    const { transaction, app, id } = pending;
    const { request, flow } = transaction;
    if (status >= 300) return;
    if (pending.dialog) {
      if (request.method === 'INVITE' || request.method === 'UPDATE')
        pending.dialog.refreshTarget(request);
      if (request.method === 'INVITE') this.#awaitAck(pending.dialog, transaction, randomUUID());
      return;
    }
    if (request.method !== 'INVITE') return;
    const dialog = uasDialog(request, flow, { owner: app, toTag, localContact });
    this.#deps.dialogs.add(dialog);
    this.#awaitAck(dialog, transaction, id);
  }

  #awaitAck(dialog: Dialog, transaction: ServerTransaction, id: string): void {
    this.forget(dialog);
    const repeater = new SuccessRepeater(
      () => transaction.repeat(),
      () => {
        this.#unacknowledged.delete(dialog);
        this.#deps.bye(dialog, 'ACK timeout');
      },
    );
    this.#unacknowledged.set(dialog, { repeater, id });
  }

  #end(dialog: Dialog): void {
    this.forget(dialog);
    this.#deps.dialogs.remove(dialog);
  }

  #dialogOf(request: SipRequest): Dialog | undefined {
    return this.#deps.dialogs.byTags({
      callId: headerOf(request, 'call-id') ?? '',
      localTag: tagOf(headerOf(request, 'to')) ?? '',
      remoteTag: tagOf(headerOf(request, 'from')) ?? '',
    });
  }

  /** Our Contact where the standard wants one and the application gave none. */
  #contactFor(request: SipRequest, flow: Flow, status: number, message: AppMessage): HeaderLine[] {
    const given = appHeader(message, 'contact');
    if (given !== undefined)
      return [['Contact', withoutLocalhost(given, flow.localHost, flow.localPort)]];
    const wanted = ['INVITE', 'SUBSCRIBE', 'UPDATE'].includes(request.method);
    if (!wanted || status < 200 || status >= 300) return [];
    return [['Contact', ownContact(flow)]];
  }
}

/** `<sip:host:port>` of the transport a dialog runs over. */
export function ownContact({ protocol, localHost, localPort }: Flow): string {
  const transport = protocol === 'udp' ? '' : `;transport=${protocol}`;
  return `<sip:${localHost}:${localPort}${transport}>`;
}

function uasDialog(
  request: SipRequest,
  flow: Flow,
  ours: { owner: AppConnection; toTag: string; localContact: string },
): Dialog {
  const callId = headerOf(request, 'call-id') ?? '';
  const remoteTag = tagOf(headerOf(request, 'from')) ?? '';
  const to = headerOf(request, 'to') ?? '';
  return new Dialog(
    {
      id: dialogId(callId, remoteTag),
      role: 'uas',
      callId,
      localTag: ours.toTag,
      remoteTag,
      localAddress: `${to};tag=${ours.toTag}`,
      remoteAddress: headerOf(request, 'from') ?? '',
      localContact: ours.localContact,
      routeSet: routeSetOf(request, 'uas'),
      owner: ours.owner,
    },
    {
      flow,
      remoteTarget: contactUri(request) ?? '',
      localSeq: Math.floor(Math.random() * 1_000_000) + 1,
      remoteSeq: seqOf(request),
    },
  );
}

/** RFC 3261 §12.2.2 and §14.2. */
function refusalInDialog(
  dialog: Dialog,
  request: SipRequest,
): { status: number; headers: readonly HeaderLine[] } | undefined {
  const seq = seqOf(request) ?? 0;
  if (dialog.remoteSeq !== undefined && seq < dialog.remoteSeq) return { status: 500, headers: [] };
  const isOffer = request.method === 'INVITE' || request.method === 'UPDATE';
  if (isOffer && dialog.ownInvitePending) return { status: 491, headers: [] };
  if (isOffer && dialog.peerInvitePending) {
    const waitSec = String(Math.floor(Math.random() * 11));
    return { status: 500, headers: [['Retry-After', waitSec]] };
  }
  return undefined;
}

function answer(
  transaction: ServerTransaction,
  status: number,
  headers: readonly HeaderLine[] = [],
): void {
  const toTag = status === 100 ? {} : { toTag: newTag() };
  const { request, flow } = transaction;
  transaction.respond(status, ownResponse(request, flow, status, { ...toTag, headers }));
}

function makesDialog(request: SipRequest, status: number): boolean {
  return ['INVITE', 'SUBSCRIBE'].includes(request.method) && status > 100 && status < 300;
}

function recordRoutes(request: SipRequest): HeaderLine[] {
  return headerList(request, 'record-route').map(route => ['Record-Route', route] as const);
}

/** What makes a request unfit to be handled; undefined when nothing does. RFC 3261 §8.1.1. */
function whatIsWrong(request: SipRequest): string | undefined {
  const missing = MANDATORY.find(key => !headerOf(request, key));
  if (missing) return `missing ${missing}`;
  if (!topVia(request)) return 'bad via';
  const cseq = cseqOf(request);
  if (!cseq) return 'bad cseq';
  if (cseq.method !== request.method) return 'cseq method differs';
  if (tagOf(headerOf(request, 'from')) === undefined) return 'from without tag';
  return undefined;
}

/** As it came, with only the top Via completed. */
function verbatim(request: SipRequest, source: { host: string; port: number }): Buffer {
  return Buffer.concat([Buffer.from(completeTopVia(request.head, source)), request.body]);
}

function sizeOf(request: SipRequest): number {
  return Buffer.byteLength(request.head) + request.body.length;
}
