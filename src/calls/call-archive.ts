import type { Logger } from 'pino';
import type { Page } from '../contract/paging.ts';
import type { CallLogQuery } from '../contract/system.ts';
import type { CallId } from '../domain/ids.ts';
import type { CallLog, CallRecord, LoggedCall } from './call-log.ts';
import type { Clock, TracedMessage } from './ports.ts';

/** A call of the log with the names its site and conference had. */
export interface ArchivedCall extends CallRecord {
  readonly siteName: string | undefined;
  readonly conferenceName: string | undefined;
}

/** Which calls somebody may see, beside what is asked for. */
export interface CallLogScope {
  /** Only those of sites in these groups; undefined: all. */
  readonly groupIds?: ReadonlySet<string> | undefined;
}

/** Where calls are kept; the store's part. */
export interface CallStore {
  /** Adds a call, or changes what is kept of it. */
  saveCall(call: CallRecord, messages: readonly TracedMessage[] | undefined): Promise<void>;
  listCalls(query: CallLogQuery, scope: CallLogScope): Promise<Page<ArchivedCall>>;
  findCall(
    callId: CallId,
    scope: CallLogScope,
  ): Promise<{ call: ArchivedCall; messages: readonly TracedMessage[] } | undefined>;
  /** Gives those that never ended an end; tells how many there were. */
  closeLostCalls(endedAtMs: number): Promise<number>;
  /** Forgets all but the latest. */
  forgetCalls(keep: number): Promise<void>;
}

export interface CallArchiveDeps {
  readonly callLog: CallLog;
  readonly store: CallStore;
  /** How many calls are kept. */
  readonly keep: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The answer to a BYE, and what is sent again, may come after the call's end; 64*T1, RFC 3261 §17.1.2.2. */
const LATE_MESSAGES_MS = 33_000;

/**
 * The call log over restarts: what changes of a call is written behind it, so that no call waits
 * for the database, and what the database refuses is logged and lost to the log alone.
 */
export class CallArchive {
  readonly #deps: CallArchiveDeps;
  /** What is still to be written of each call: the newest state alone. */
  readonly #dirty = new Map<CallId, LoggedCall>();
  readonly #writing = new Map<CallId, Promise<void>>();
  /** Over, and messages may still come. */
  readonly #late = new Map<CallId, LoggedCall>();
  readonly #closing = new AbortController();
  readonly #unfollow: () => void;

  private constructor(deps: CallArchiveDeps) {
    this.#deps = deps;
    this.#unfollow = deps.callLog.onChanged(call => this.#changed(call));
  }

  /** @throws GatewayError `store-unavailable` */
  static async open(deps: CallArchiveDeps): Promise<CallArchive> {
    const lost = await deps.store.closeLostCalls(deps.clock.now());
    if (lost > 0) deps.log.warn({ calls: lost }, 'calls were cut off when the program stopped');
    return new CallArchive(deps);
  }

  async list(query: CallLogQuery, scope: CallLogScope = {}): Promise<Page<ArchivedCall>> {
    await this.#written();
    return this.#deps.store.listCalls(query, scope);
  }

  /** Messages are those of this moment, also while the call runs. */
  async find(callId: CallId, scope: CallLogScope = {}) {
    await this.#written();
    const kept = await this.#deps.store.findCall(callId, scope);
    const fresh = this.#deps.callLog.find(callId);
    return kept && { call: kept.call, messages: fresh?.messages ?? kept.messages };
  }

  /** Writes what there is; nothing is followed any longer. */
  async close(): Promise<void> {
    this.#unfollow();
    this.#closing.abort();
    for (const call of this.#late.values()) this.#save(call);
    await this.#written();
  }

  #changed(call: LoggedCall): void {
    this.#save(call);
    if (call.record.verdict) void this.#waitForLate(call);
  }

  async #waitForLate(call: LoggedCall): Promise<void> {
    const { callId } = call.record;
    const before = call.messages().length;
    this.#late.set(callId, call);
    await this.#deps.clock.sleep(LATE_MESSAGES_MS, this.#closing.signal).catch(() => undefined); // closing writes it
    if (this.#late.delete(callId) && call.messages().length > before) this.#save(call);
  }

  #save(call: LoggedCall): void {
    const { callId } = call.record;
    this.#dirty.set(callId, call);
    if (this.#writing.has(callId)) return;
    const writing = this.#write(callId).finally(() => this.#writing.delete(callId));
    this.#writing.set(callId, writing);
  }

  async #write(callId: CallId): Promise<void> {
    const { store, keep, log } = this.#deps;
    for (let call = this.#take(callId); call; call = this.#take(callId)) {
      const { record, messages } = call;
      try {
        await store.saveCall(record, record.verdict && messages());
        if (record.verdict) await store.forgetCalls(keep);
      } catch (err) {
        log.error({ err, callId }, 'call not written to the log');
      }
    }
  }

  #take(callId: CallId): LoggedCall | undefined {
    const call = this.#dirty.get(callId);
    this.#dirty.delete(callId);
    return call;
  }

  async #written(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing.values());
  }
}
