import { randomInt } from 'node:crypto';
import { Retransmitter, TRANSACTION_TIMEOUT_MS } from '../transaction/timers.ts';

/** What a PRACK acknowledges: RAck, RFC 3262 §7.2. */
export interface RAck {
  readonly rseq: number;
  readonly cseq: number;
  readonly method: string;
}

export interface ReliableResponsesOptions {
  /** Sends a response once more. */
  readonly repeat: (data: Buffer) => void;
  /** No PRACK came in 64*T1: the INVITE is to be refused, RFC 3262 §3. */
  readonly onGivenUp: () => void;
}

/** Far from the end of the 31 bits an RSeq starts in; RFC 3262 §3. */
const MAX_FIRST_RSEQ = 1_000_000;

/**
 * The reliable 1xx to one INVITE: each is repeated until its PRACK, and the
 * next one, or a 2xx, waits until that PRACK has been answered. RFC 3262 §3.
 */
export class ReliableResponses {
  readonly #options: ReliableResponsesOptions;
  readonly #waiting: (() => void)[] = [];
  #rseq = randomInt(1, MAX_FIRST_RSEQ);
  #state: 'idle' | 'sent' | 'acknowledged' = 'idle';
  #retransmitter: Retransmitter | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReliableResponsesOptions) {
    this.#options = options;
  }

  /** Whether what is sent now would overtake a PRACK. */
  get isBusy(): boolean {
    return this.#state !== 'idle';
  }

  /** Runs it now, or once the PRACK that is waited for has been answered. */
  whenIdle(send: () => void): void {
    if (this.isBusy) this.#waiting.push(send);
    else send();
  }

  /** Number for the next one. */
  get nextRseq(): number {
    return this.#rseq + 1;
  }

  /** It was sent, and is repeated from now on. */
  sent(data: Buffer): void {
    this.#rseq += 1;
    this.#state = 'sent';
    this.#retransmitter = new Retransmitter(() => this.#options.repeat(data));
    this.#timer = setTimeout(() => {
      this.stop();
      this.#options.onGivenUp();
    }, TRANSACTION_TIMEOUT_MS);
  }

  /** Whether this PRACK is the one that is waited for; it is not repeated any more then. */
  acknowledge(rack: RAck | undefined, inviteSeq: number | undefined): boolean {
    const fits = rack?.rseq === this.#rseq && rack.cseq === inviteSeq && rack.method === 'INVITE';
    if (this.#state !== 'sent' || !fits) return false;
    this.#state = 'acknowledged';
    this.#stopTimers();
    return true;
  }

  /** The PRACK has its answer: what waited goes out. */
  prackAnswered(): void {
    if (this.#state !== 'acknowledged') return;
    this.#state = 'idle';
    while (!this.isBusy && this.#waiting.length > 0) this.#waiting.shift()?.();
  }

  /** The INVITE has its final response: nothing is repeated, and what waited is run to find that out. */
  stop(): void {
    this.#stopTimers();
    this.#state = 'idle';
    for (const send of this.#waiting.splice(0)) send();
  }

  #stopTimers(): void {
    this.#retransmitter?.stop();
    clearTimeout(this.#timer);
  }
}

/** Reads RAck; undefined when it is none. */
export function parseRack(value: string | undefined): RAck | undefined {
  const match = /^(\d{1,10})\s+(\d{1,10})\s+(\S+)$/.exec(value ?? '');
  if (!match?.[3]) return undefined;
  return { rseq: Number(match[1]), cseq: Number(match[2]), method: match[3] };
}
