import type { SipResponse } from '../message/message.ts';
import { type Flow, isReliable } from '../transport/flow.ts';
import { Retransmitter, T2_MS, T4_MS, TIMER_D_MS, TRANSACTION_TIMEOUT_MS } from './timers.ts';

/**
 * Client transactions, RFC 3261 §17.1 with RFC 6026 §7.2.
 *
 *   INVITE      calling ──1xx──▶ proceeding ──2xx──▶ accepted ──M──▶ terminated
 *                  └──B──▶ terminated └──3xx-6xx──▶ completed ──D──▶ terminated
 *   others      calling ──1xx──▶ proceeding ──final──▶ completed ──K──▶ terminated
 *                  └──F──▶ terminated
 */
export type ClientState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';
export type ClientEvent = 'provisional' | 'success' | 'failure' | 'timeout';

export const INVITE_CLIENT: Record<ClientState, Partial<Record<ClientEvent, ClientState>>> = {
  calling: {
    provisional: 'proceeding',
    success: 'accepted',
    failure: 'completed',
    timeout: 'terminated',
  },
  proceeding: {
    provisional: 'proceeding',
    success: 'accepted',
    failure: 'completed',
    timeout: 'terminated',
  },
  accepted: { timeout: 'terminated' },
  completed: { timeout: 'terminated' },
  terminated: {},
};

export const OTHER_CLIENT: Record<ClientState, Partial<Record<ClientEvent, ClientState>>> = {
  calling: {
    provisional: 'proceeding',
    success: 'completed',
    failure: 'completed',
    timeout: 'terminated',
  },
  proceeding: {
    provisional: 'proceeding',
    success: 'completed',
    failure: 'completed',
    timeout: 'terminated',
  },
  completed: { timeout: 'terminated' },
  accepted: {},
  terminated: {},
};

export interface ClientTransactionOptions {
  readonly method: string;
  readonly data: Buffer;
  readonly flow: Flow;
  /** Each response once, but a 2xx to INVITE each time it comes: every one wants its ACK. */
  readonly onResponse: (response: SipResponse, flow: Flow) => void;
  /** No final response came, or the request could not be sent. */
  readonly onFailure: (status: 408 | 503) => void;
  /** Builds the ACK to a 3xx-6xx, RFC 3261 §17.1.1.3. */
  readonly ackTo: (response: SipResponse) => Buffer;
  /** An INVITE has rung for too long and is to be cancelled. */
  readonly onRungOut: () => void;
  readonly onTerminated: () => void;
}

/** How long an INVITE may ring since the last sign of life: timer C, RFC 3261 §16.6, more than 3 minutes. */
const RINGING_TIMEOUT_MS = 185_000;

/** One request of ours and the responses to it. */
export class ClientTransaction {
  readonly #options: ClientTransactionOptions;
  #state: ClientState = 'calling';
  #ack: Buffer | undefined;
  #retransmitter: Retransmitter | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isCancelled = false;

  constructor(options: ClientTransactionOptions) {
    this.#options = options;
    const { flow } = options;
    this.#timer = setTimeout(() => this.#fail(408), TRANSACTION_TIMEOUT_MS); // timers B, F
    this.#send(options.data);
    if (!isReliable(flow)) {
      const maxIntervalMs = this.#isInvite ? Number.POSITIVE_INFINITY : T2_MS; // timers A, E
      this.#retransmitter = new Retransmitter(() => this.#send(options.data), maxIntervalMs);
    }
  }

  get state(): ClientState {
    return this.#state;
  }

  /** @param flow where it came from */
  receive(response: SipResponse, flow: Flow): void {
    const event = eventOf(response.status);
    if (this.#state === 'accepted' && event === 'success') this.#options.onResponse(response, flow);
    if (this.#ack && event === 'failure') this.#options.flow.send(this.#ack);
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return;
    this.#move(event, response);
    this.#options.onResponse(response, flow);
  }

  /** The INVITE was cancelled: its final response comes soon or never. RFC 3261 §9.1. */
  cancelled(): void {
    if (this.#state !== 'proceeding') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(408), TRANSACTION_TIMEOUT_MS);
    this.#isCancelled = true;
  }

  /** Ends at once, without a word to anybody. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#retransmitter?.stop();
    clearTimeout(this.#timer);
    this.#options.onTerminated();
  }

  get #isInvite(): boolean {
    return this.#options.method === 'INVITE';
  }

  #send(data: Buffer): void {
    this.#options.flow.send(data, () => this.#fail(503));
  }

  #move(event: ClientEvent, response: SipResponse): void {
    const next = (this.#isInvite ? INVITE_CLIENT : OTHER_CLIENT)[this.#state][event];
    if (!next) return;
    this.#state = next;
    if (next === 'proceeding') return this.#proceeding();
    this.#retransmitter?.stop();
    clearTimeout(this.#timer);
    if (next === 'completed' && this.#isInvite) {
      this.#ack = this.#options.ackTo(response);
      this.#options.flow.send(this.#ack);
    }
    this.#timer = setTimeout(() => this.terminate(), this.#lifetimeMs(next));
  }

  #proceeding(): void {
    if (!this.#isInvite || this.#isCancelled) return;
    this.#retransmitter?.stop();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#options.onRungOut, RINGING_TIMEOUT_MS);
  }

  /** Timers M, D and K; RFC 3261 Table 4. */
  #lifetimeMs(state: ClientState): number {
    if (state === 'accepted') return TRANSACTION_TIMEOUT_MS;
    if (isReliable(this.#options.flow)) return 0;
    return this.#isInvite ? TIMER_D_MS : T4_MS;
  }

  #fail(status: 408 | 503): void {
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return;
    this.terminate();
    this.#options.onFailure(status);
  }
}

function eventOf(status: number): ClientEvent {
  if (status < 200) return 'provisional';
  return status < 300 ? 'success' : 'failure';
}
