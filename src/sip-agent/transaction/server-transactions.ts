import type { SipRequest } from '../message/message.ts';
import type { Flow, Target } from '../transport/flow.ts';
import { responseTarget } from '../transport/targets.ts';
import type { Transports } from '../transport/transports.ts';
import { serverKey } from './keys.ts';
import { ServerTransaction } from './server-transaction.ts';

/**
 * A flood must not eat the memory. Timer J holds each answered request for 32 s
 * in case it is repeated; above this many the one answered longest ago is let go
 * early, and a repetition of it answered as if it were new. What is not answered
 * yet stays: when that alone fills the room, new requests are dropped.
 */
const MAX_TRANSACTIONS = 50_000;

interface Made {
  readonly isInvite: boolean;
  readonly flow: Flow;
  readonly target: Target;
  readonly onFinal: ((status: number) => void) | undefined;
}

/** All requests of peers that are being answered, or were a moment ago. */
export class ServerTransactions {
  readonly #transports: Pick<Transports, 'flowTo'>;
  readonly #max: number;
  readonly #byKey = new Map<string, ServerTransaction>();
  /** Keys of requests other than INVITE that have their final response, the longest ago first. */
  readonly #answered = new Set<string>();

  constructor(transports: Pick<Transports, 'flowTo'>, max = MAX_TRANSACTIONS) {
    this.#transports = transports;
    this.#max = max;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** The transaction a request belongs to; for CANCEL, give INVITE to find what it cancels. */
  find(request: SipRequest, method?: string): ServerTransaction | undefined {
    return this.#byKey.get(serverKey(request, method));
  }

  /** A new transaction; undefined when there are too many. @param onFinal told once of the final status */
  begin(
    request: SipRequest,
    flow: Flow,
    onFinal?: (status: number) => void,
  ): ServerTransaction | undefined {
    if (this.#byKey.size >= this.#max && !this.#letGoOfOldest()) return undefined;
    const isInvite = request.method === 'INVITE';
    const target = responseTarget(request, flow);
    return this.#create(serverKey(request), { isInvite, flow, target, onFinal });
  }

  close(): void {
    for (const transaction of [...this.#byKey.values()]) transaction.terminate();
  }

  #letGoOfOldest(): boolean {
    const [oldest] = this.#answered;
    if (oldest === undefined) return false;
    this.#byKey.get(oldest)?.terminate();
    return true;
  }

  /** Takes no request, so that nothing here keeps one alive for as long as the transaction lives. */
  #create(key: string, made: Made): ServerTransaction {
    const { isInvite, flow, target } = made;
    // Back along the connection while it stands, else to the address the request names.
    const respondTo = () =>
      flow.protocol !== 'udp' && flow.isOpen ? flow : this.#transports.flowTo(target);
    const onFinal = (status: number) => {
      if (!isInvite) this.#answered.add(key);
      made.onFinal?.(status);
    };
    const onTerminated = () => {
      this.#byKey.delete(key);
      this.#answered.delete(key);
    };
    const transaction = new ServerTransaction({
      isInvite,
      flow,
      respondTo,
      onFinal,
      onTerminated,
    });
    this.#byKey.set(key, transaction);
    return transaction;
  }
}
