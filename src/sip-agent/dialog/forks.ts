import { tagIn } from '../message/address.ts';
import { headerOf, type SipResponse } from '../message/message.ts';
import type { Dialog } from './dialog.ts';

interface Fork<Owner> {
  readonly dialog: Dialog<Owner>;
  /** RSeq of the last reliable 1xx. */
  rseq: number | undefined;
}

/**
 * The early dialogs of one INVITE of ours, one for each device that rings:
 * a proxy may have forked it. RFC 3261 §13.2.2, RFC 3262 §4.
 */
export class Forks<Owner> {
  readonly #byTag = new Map<string, Fork<Owner>>();

  /**
   * Takes note of a 1xx. A reliable one that was had already, or came before
   * its time, is to be dropped: it gets no PRACK. RFC 3262 §4.
   *
   * @param make the dialog, where the tag is new
   */
  progress(response: SipResponse, make: () => Dialog<Owner>): 'told' | 'dropped' {
    const tag = tagIn(response, 'to');
    if (tag === undefined) return 'told';
    const fork = this.#byTag.get(tag) ?? { dialog: make(), rseq: undefined };
    this.#byTag.set(tag, fork);
    const rseq = rseqOf(response);
    if (rseq === undefined) return 'told';
    if (fork.rseq !== undefined && rseq !== fork.rseq + 1) return 'dropped';
    fork.rseq = rseq;
    fork.dialog.isUsable = true;
    return 'told';
  }

  /** The dialog whose reliable 1xx a PRACK of the application acknowledges. */
  byRseq(rseq: number): Dialog<Owner> | undefined {
    return [...this.#byTag.values()].find(fork => fork.rseq === rseq)?.dialog;
  }

  byTag(tag: string): Dialog<Owner> | undefined {
    return this.#byTag.get(tag)?.dialog;
  }

  all(): Dialog<Owner>[] {
    return [...this.#byTag.values()].map(fork => fork.dialog);
  }
}

function rseqOf(response: SipResponse): number | undefined {
  const value = headerOf(response, 'rseq') ?? '';
  return /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
