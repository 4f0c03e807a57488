import { randomUUID } from 'node:crypto';
import { type Dialog, dialogId } from './dialog/dialog.ts';
import type { ReliableResponses } from './dialog/reliable-responses.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import { tagIn } from './message/address.ts';
import { callIdOf, type SipRequest } from './message/message.ts';
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
  /** The dialog that a 1xx of the application has made of a new INVITE. */
  early: AppDialog | undefined;
  /** 1xx that wait for their PRACK, and what waits for that. */
  reliable: ReliableResponses | undefined;
}

/** An application that does not answer is answered for. */
const INVITE_ANSWER_TIMEOUT_MS = 180_000;
const OTHER_ANSWER_TIMEOUT_MS = 30_000;

type Given = Pick<Pending, 'app' | 'request' | 'flow' | 'transaction' | 'dialog' | 'toTag'>;

/** All requests that wait for an application's final answer. */
export class PendingRequests {
  readonly #onOverdue: (pending: Pending) => void;
  readonly #byKey = new Map<string, { pending: Pending; timer: NodeJS.Timeout }>();
  readonly #byTransaction = new Map<ServerTransaction, Pending>();
  /** INVITEs outside dialogs, by the dialog they would make. */
  readonly #invites = new Map<string, Pending>();

  constructor(onOverdue: (pending: Pending) => void) {
    this.#onOverdue = onOverdue;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** @param id of the INVITE that an UPDATE came before the answer to; the application wants the same */
  add(given: Given, id: string = randomUUID()): Pending {
    const { dialog, request, transaction } = given;
    const pending: Pending = {
      ...given,
      id,
      isTagSaid: false,
      dialogId: dialog?.facts.id ?? '',
      early: undefined,
      reliable: undefined,
    };
    const isInvite = request.method === 'INVITE';
    const timeoutMs = isInvite ? INVITE_ANSWER_TIMEOUT_MS : OTHER_ANSWER_TIMEOUT_MS;
    const timer = setTimeout(() => this.#onOverdue(pending), timeoutMs);
    this.#byKey.set(keyOf(pending), { pending, timer });
    this.#byTransaction.set(transaction, pending);
    if (isInvite && !dialog) this.#invites.set(wouldBeDialogId(request), pending);
    markInDialog(pending, true);
    return pending;
  }

  /** @param method what the application answers, where it says so: an UPDATE may share its INVITE's id */
  byId(id: string, method?: string): Pending | undefined {
    const update = this.#byKey.get(`${id}|UPDATE`)?.pending;
    if (method === 'UPDATE') return update;
    return this.#byKey.get(`${id}|`)?.pending ?? (method === undefined ? update : undefined);
  }

  has(pending: Pending): boolean {
    return this.#byKey.get(keyOf(pending))?.pending === pending;
  }

  ofTransaction(transaction: ServerTransaction): Pending | undefined {
    return this.#byTransaction.get(transaction);
  }

  /** The INVITE that already asks for the dialog this one would make. */
  sameInvite(request: SipRequest): Pending | undefined {
    return this.#invites.get(wouldBeDialogId(request));
  }

  /** The INVITE that is not answered yet in this dialog, or that made it as an early one. */
  inviteOf(dialog: AppDialog): Pending | undefined {
    if (dialog.state === 'early') {
      const invite = this.#invites.get(dialog.facts.id);
      return invite?.early === dialog ? invite : undefined;
    }
    return this.ofDialog(dialog).find(({ request }) => request.method === 'INVITE');
  }

  ofApp(app: AppConnection): Pending[] {
    return this.#all().filter(pending => pending.app === app);
  }

  ofDialog(dialog: AppDialog): Pending[] {
    return this.#all().filter(pending => pending.dialog === dialog);
  }

  /** It has its final answer. */
  release(pending: Pending): void {
    clearTimeout(this.#byKey.get(keyOf(pending))?.timer);
    this.#byKey.delete(keyOf(pending));
    this.#byTransaction.delete(pending.transaction);
    if (pending.request.method === 'INVITE') this.#forgetInvite(pending);
    markInDialog(pending, false);
    pending.reliable?.stop();
  }

  clear(): void {
    for (const pending of this.#all()) this.release(pending);
  }

  #forgetInvite(pending: Pending): void {
    const key = wouldBeDialogId(pending.request);
    if (this.#invites.get(key) === pending) this.#invites.delete(key);
  }

  #all(): Pending[] {
    return [...this.#byKey.values()].map(({ pending }) => pending);
  }
}

/** The application's name for the dialog that a request would make. */
export function wouldBeDialogId(request: SipRequest): string {
  return dialogId(callIdOf(request), tagIn(request, 'from') ?? '');
}

/** An UPDATE may have the id of an INVITE that is pending as well. */
function keyOf({ id, request }: Pending): string {
  return `${id}|${request.method === 'UPDATE' ? 'UPDATE' : ''}`;
}

function markInDialog({ dialog, early, request }: Pending, isPending: boolean): void {
  if (request.method === 'INVITE' && dialog) dialog.peerInvitePending = isPending;
  if (early) early.peerInvitePending = isPending;
  if (request.method === 'UPDATE' && dialog) dialog.peerUpdatePending = isPending;
}
