import type { SipRequest } from '../message/message.ts';
import type { Flow, Target } from '../transport/flow.ts';
import { responseTarget } from '../transport/targets.ts';
import type { Transports } from '../transport/transports.ts';
import { serverKey } from './keys.ts';
import { ServerTransaction } from './server-transaction.ts';

/**
 * Above it new requests are dropped: a flood must not eat the memory. Timer J
 * holds each answered request for 32 s, so this is a thousand requests a second
 * and half as many again.
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
  readonly #byKey = new Map<string, ServerTransaction>();

  constructor(transports: Pick<Transports, 'flowTo'>) {
    this.#transports = transports;
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
    if (this.#byKey.size >= MAX_TRANSACTIONS) return undefined;
    const isInvite = request.method === 'INVITE';
    const target = responseTarget(request, flow);
    return this.#create(serverKey(request), { isInvite, flow, target, onFinal });
  }

  close(): void {
    for (const transaction of [...this.#byKey.values()]) transaction.terminate();
  }

  /** Takes no request, so that nothing here keeps one alive for as long as the transaction lives. */
  #create(key: string, made: Made): ServerTransaction {
    const { isInvite, flow, target, onFinal } = made;
    // Back along the connection while it stands, else to the address the request names.
    const respondTo = () =>
      flow.protocol !== 'udp' && flow.isOpen ? flow : this.#transports.flowTo(target);
    const onTerminated = () => void this.#byKey.delete(key);
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
