import type { EndReason } from '../domain/call.ts';
import { type GatewayErrorCode, OUTCOMES } from '../domain/errors.ts';
import type { CallId, ConferenceId, SiteId } from '../domain/ids.ts';
import type { AlarmTotal } from './alarms.ts';
import type { TracedMessage } from './ports.ts';

/** How a call went, in one word, and why it ended. */
export interface Verdict {
  readonly result: 'completed' | 'cancelled' | 'refused' | 'failed' | 'dropped';
  readonly reason: EndReason;
}

/** What is kept of a call after it is over. */
export interface CallRecord {
  readonly callId: CallId;
  /** `out`: we called. */
  readonly direction: 'in' | 'out';
  readonly sipCallId: string;
  /** Of a call of ours, the address that was called. */
  readonly dialled: string;
  readonly sipUsername: string;
  /** Of a call of ours, empty until something came from there. */
  readonly remoteAddr: string;
  readonly userAgent: string;
  /** Whose endpoint it is; undefined of a caller that nobody knows. */
  readonly siteId: SiteId | undefined;
  /** The last one it was in; undefined of one that came into none. */
  readonly conferenceId: ConferenceId | undefined;
  readonly startedAtMs: number;
  /** From the INVITE to the answer; undefined when there was none. */
  readonly inviteToAnswerMs: number | undefined;
  /** What the endpoint did not send while it was in a conference, and how long. */
  readonly alarms: readonly AlarmTotal[];
  readonly endedAtMs: number | undefined;
  /** Undefined while it runs. */
  readonly verdict: Verdict | undefined;
}

export type NewCallRecord = Omit<CallRecord, keyof typeof NOTHING_YET>;

/** Of a call that has only begun. */
const NOTHING_YET = {
  siteId: undefined,
  conferenceId: undefined,
  inviteToAnswerMs: undefined,
  alarms: [],
  endedAtMs: undefined,
  verdict: undefined,
} as const;

/** What becomes known of a call while it goes on. */
export type LearnedFacts = Partial<
  Pick<CallRecord, 'siteId' | 'conferenceId' | 'sipCallId' | 'remoteAddr' | 'userAgent'>
>;

/** A call's own hold on its record. */
export interface OpenRecord {
  learned(facts: LearnedFacts): void;
  answered(inviteToAnswerMs: number): void;
  /** @param alarms all there were so far */
  alarmed(alarms: readonly AlarmTotal[]): void;
  close(reason: EndReason, endedAtMs: number): void;
}

/** A call as it is in the log now; `messages` is asked again each time somebody looks. */
export interface LoggedCall {
  readonly record: CallRecord;
  readonly messages: () => readonly TracedMessage[];
}

interface Kept extends LoggedCall {
  record: CallRecord;
}

/** The last calls with their verdicts and messages, the running ones with them. In memory; `CallArchive` keeps them. */
export class CallLog {
  readonly #keep: number;
  readonly #kept = new Map<CallId, Kept>();
  readonly #endListeners = new Set<(record: CallRecord) => void>();
  readonly #changeListeners = new Set<(call: LoggedCall) => void>();

  /** @param keep how many calls; the oldest go first */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** @param messages what passed so far, asked again each time somebody looks */
  open(call: NewCallRecord, messages: () => readonly TracedMessage[]): OpenRecord {
    const kept: Kept = {
      record: { ...call, ...NOTHING_YET },
      messages,
    };
    this.#kept.set(call.callId, kept);
    this.#forgetOldest();
    const change = (facts: Partial<CallRecord>) => {
      kept.record = { ...kept.record, ...facts };
      for (const listener of [...this.#changeListeners]) listener({ ...kept });
    };
    change({});
    return {
      learned: change,
      answered: inviteToAnswerMs => change({ inviteToAnswerMs }),
      alarmed: alarms => change({ alarms }),
      close: (reason, endedAtMs) => {
        const wasAnswered = kept.record.inviteToAnswerMs !== undefined;
        change({ endedAtMs, verdict: verdictOf(reason, wasAnswered) });
        for (const listener of [...this.#endListeners]) listener(kept.record);
      },
    };
  }

  /** Told of each call that is over; returns its own undo. */
  onEnded(listener: (record: CallRecord) => void): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** Told of each call that begins, and of each change to one; returns its own undo. */
  onChanged(listener: (call: LoggedCall) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** The latest first. */
  list(): CallRecord[] {
    return [...this.#kept.values()].map(({ record }) => record).reverse();
  }

  /** A call's record and messages, in the order they passed. */
  find(
    callId: CallId,
  ): { readonly record: CallRecord; readonly messages: readonly TracedMessage[] } | undefined {
    const kept = this.#kept.get(callId);
    return kept && { record: kept.record, messages: kept.messages() };
  }

  #forgetOldest(): void {
    for (const callId of this.#kept.keys()) {
      if (this.#kept.size <= this.#keep) return;
      this.#kept.delete(callId);
    }
  }
}

const NORMAL_ENDS: readonly EndReason[] = ['peer-hangup', 'room-hangup', 'operator', 'shutdown'];

function verdictOf(reason: EndReason, wasAnswered: boolean): Verdict {
  if (reason === 'cancelled') return { result: 'cancelled', reason };
  if (wasAnswered)
    return { result: NORMAL_ENDS.includes(reason) ? 'completed' : 'dropped', reason };
  const isCallers = reason in OUTCOMES && OUTCOMES[reason as GatewayErrorCode].blame === 'client';
  return { result: isCallers ? 'refused' : 'failed', reason };
}
