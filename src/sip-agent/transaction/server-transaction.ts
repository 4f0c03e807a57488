import { keptCopy } from '../message/serialize.ts';
import { type Flow, isReliable } from '../transport/flow.ts';
import { Retransmitter, T2_MS, T4_MS, TRANSACTION_TIMEOUT_MS } from './timers.ts';

/**
 * Server transactions, RFC 3261 §17.2 with RFC 6026 §7.1.
 *
 *   INVITE      proceeding ──2xx──▶ accepted ──L──▶ terminated
 *                   └──3xx-6xx──▶ completed ──ACK──▶ confirmed ──I──▶ terminated
 *                                     └──H──▶ terminated
 *   others      proceeding ──final──▶ completed ──J──▶ terminated
 */
export type ServerState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';
export type ServerEvent = 'success' | 'failure' | 'ack' | 'timeout';

export const INVITE_SERVER: Record<ServerState, Partial<Record<ServerEvent, ServerState>>> = {
  proceeding: { success: 'accepted', failure: 'completed' },
  accepted: { timeout: 'terminated' },
  completed: { ack: 'confirmed', timeout: 'terminated' },
  confirmed: { timeout: 'terminated' },
  terminated: {},
};

export const OTHER_SERVER: Record<ServerState, Partial<Record<ServerEvent, ServerState>>> = {
  proceeding: { success: 'completed', failure: 'completed' },
  completed: { timeout: 'terminated' },
  accepted: {},
  confirmed: {},
  terminated: {},
};

export interface ServerTransactionOptions {
  readonly isInvite: boolean;
  /** Where the request came in. */
  readonly flow: Flow;
  /** Where responses go, asked anew for each, since a connection may have closed. */
  readonly respondTo: () => Flow;
  /** Told once of the final status. */
  readonly onFinal?: ((status: number) => void) | undefined;
  readonly onTerminated: () => void;
}

/**
 * Our responses to one request of a peer. It keeps the last response but not
 * the request: there are thousands of these when a hall re-registers.
 */
export class ServerTransaction {
  readonly #options: ServerTransactionOptions;
  #state: ServerState = 'proceeding';
  #last: Buffer | undefined;
  #retransmitter: Retransmitter | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ServerTransactionOptions) {
    this.#options = options;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Sends a response; false when the request already has its final one. */
  respond(status: number, data: Buffer): boolean {
    if (this.#state !== 'proceeding') return false;
    this.#last = keptCopy(data);
    this.repeat();
    if (status >= 300) this.#move('failure');
    else if (status >= 200) this.#move('success');
    if (status >= 200) this.#options.onFinal?.(status);
    return true;
  }

  /** Sends the last response again, or an earlier one: a reliable 1xx until its PRACK, a 2xx until its ACK. */
  repeat(data = this.#last): void {
    if (data) this.#options.respondTo().send(data);
  }

  /** A retransmission of the request came in. */
  retransmitted(): void {
    if (this.#state === 'proceeding' || this.#state === 'completed') this.repeat();
  }

  /** The ACK to a 3xx-6xx came in. */
  acknowledged(): void {
    if (this.#state === 'completed') this.#move('ack');
  }

  /** Ends at once, without a word to anybody. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#retransmitter?.stop();
    clearTimeout(this.#timer);
    this.#options.onTerminated();
  }

  #move(event: ServerEvent): void {
    const { isInvite, flow } = this.#options;
    const next = (isInvite ? INVITE_SERVER : OTHER_SERVER)[this.#state][event];
    if (!next) return;
    this.#retransmitter?.stop();
    clearTimeout(this.#timer);
    if (next === 'terminated') return this.terminate();
    this.#state = next;
    if (next === 'completed' && isInvite && !isReliable(flow))
      this.#retransmitter = new Retransmitter(() => this.repeat(), T2_MS); // timer G
    this.#timer = setTimeout(() => this.#move('timeout'), this.#lifetimeMs(next));
  }

  /** Timers L, H, I and J; RFC 3261 Table 4. */
  #lifetimeMs(state: ServerState): number {
    const reliable = isReliable(this.#options.flow);
    if (state === 'confirmed') return reliable ? 0 : T4_MS;
    if (state === 'completed' && !this.#options.isInvite)
      return reliable ? 0 : TRANSACTION_TIMEOUT_MS;
    return TRANSACTION_TIMEOUT_MS;
  }
}
