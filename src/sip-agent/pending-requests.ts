import { randomUUID } from 'node:crypto';
import { type Dialog, dialogId } from './dialog/dialog.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import { tagOf } from './message/address.ts';
import { callIdOf, headerOf, type SipRequest } from './message/message.ts';
import type { ServerTransaction } from './transaction/server-transaction.ts';
import type { Flow } from './transport/flow.ts';

export type AppDialog = Dialog<AppConnection>;

/** A request that is out with an application. */
export interface Pending {
  /** The application's name for it. */
  readonly id: string;
  readonly app: AppConnection;
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly transaction: ServerTransaction;
  /** The dialog it came in; undefined outside. */
  readonly dialog: AppDialog | undefined;
  /** Our tag in the dialog that may come of it; the application's own from its first answer on. */
  toTag: string;
  isTagSaid: boolean;
  /** The application's name for the dialog: empty until its first answer. */
  dialogId: string;
}

/** An application that does not answer is answered for. */
const INVITE_ANSWER_TIMEOUT_MS = 180_000;
const OTHER_ANSWER_TIMEOUT_MS = 30_000;

/** All requests that wait for an application's final answer. */
export class PendingRequests {
  readonly #onOverdue: (pending: Pending) => void;
  readonly #byId = new Map<string, { pending: Pending; timer: NodeJS.Timeout }>();
  readonly #byTransaction = new Map<ServerTransaction, Pending>();
  /** INVITEs outside dialogs, by the dialog they would make. */
  readonly #invites = new Map<string, Pending>();

  constructor(onOverdue: (pending: Pending) => void) {
    this.#onOverdue = onOverdue;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(
    given: Pick<Pending, 'app' | 'request' | 'flow' | 'transaction' | 'dialog' | 'toTag'>,
  ): Pending {
    const { dialog, request, transaction } = given;
    const id = randomUUID();
    const pending = { ...given, id, isTagSaid: false, dialogId: dialog?.facts.id ?? '' };
    const isInvite = request.method === 'INVITE';
    const timeoutMs = isInvite ? INVITE_ANSWER_TIMEOUT_MS : OTHER_ANSWER_TIMEOUT_MS;
    const timer = setTimeout(() => this.#onOverdue(pending), timeoutMs);
    this.#byId.set(id, { pending, timer });
    this.#byTransaction.set(transaction, pending);
    if (isInvite && !dialog) this.#invites.set(wouldBeDialogId(request), pending);
    if (isInvite && dialog) dialog.peerInvitePending = true;
    return pending;
  }

  byId(id: string): Pending | undefined {
    return this.#byId.get(id)?.pending;
  }

  ofTransaction(transaction: ServerTransaction): Pending | undefined {
    return this.#byTransaction.get(transaction);
  }

  /** The INVITE that already asks for the dialog this one would make. */
  sameInvite(request: SipRequest): Pending | undefined {
    return this.#invites.get(wouldBeDialogId(request));
  }

  ofApp(app: AppConnection): Pending[] {
    return this.#all().filter(pending => pending.app === app);
  }

  ofDialog(dialog: AppDialog): Pending[] {
    return this.#all().filter(pending => pending.dialog === dialog);
  }

  /** It has its final answer. */
  release(pending: Pending): void {
    clearTimeout(this.#byId.get(pending.id)?.timer);
    this.#byId.delete(pending.id);
    this.#byTransaction.delete(pending.transaction);
    const key = wouldBeDialogId(pending.request);
    if (this.#invites.get(key) === pending) this.#invites.delete(key);
    if (pending.dialog && pending.request.method === 'INVITE')
      pending.dialog.peerInvitePending = false;
  }

  clear(): void {
    for (const pending of this.#all()) this.release(pending);
  }

  #all(): Pending[] {
    return [...this.#byId.values()].map(({ pending }) => pending);
  }
}

/** The application's name for the dialog that a request would make. */
export function wouldBeDialogId(request: SipRequest): string {
  return dialogId(callIdOf(request), tagOf(headerOf(request, 'from')) ?? '');
}
