import { randomUUID } from 'node:crypto';
import { Forks } from './dialog/forks.ts';
import type { SipResponse } from './message/message.ts';
import { ackOfFailure, encode, type Outgoing, syntheticResponse } from './outgoing-request.ts';
import type { AppDialog } from './pending-requests.ts';
import { dialogIdFor, type Sent } from './sent.ts';
import { ClientTransaction } from './transaction/client-transaction.ts';
import { clientKey, responseKey } from './transaction/keys.ts';
import type { Flow } from './transport/flow.ts';

/** What is to be sent, and who waits for the answer. */
export type Request = Pick<Sent, 'app' | 'dialog' | 'outgoing'> & {
  readonly data: Buffer;
  readonly onFinal?: ((response: SipResponse) => void) | undefined;
};

export interface SentRequestsOptions {
  /** @param flow where it came from; undefined for one that was made up: nobody answered */
  readonly onResponse: (sent: Sent, response: SipResponse, flow: Flow | undefined) => void;
  /** An INVITE has rung for too long. */
  readonly onRungOut: (sent: Sent) => void;
}

/** All requests of ours that may still get a response. */
export class SentRequests {
  readonly #options: SentRequestsOptions;
  readonly #byKey = new Map<string, Sent>();
  readonly #byId = new Map<string, Sent>();

  constructor(options: SentRequestsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Sends it. */
  start({ app, dialog, outgoing, data, onFinal }: Request): Sent {
    const key = clientKey(outgoing.branch, outgoing.method);
    const id = randomUUID();
    const { onResponse, onRungOut } = this.#options;
    const transaction = new ClientTransaction({
      method: outgoing.method,
      data,
      flow: outgoing.flow,
      onResponse: (response, flow) => onResponse(sent, response, flow),
      onFailure: status => onResponse(sent, syntheticResponse(outgoing, status), undefined),
      ackTo: response => encode(ackOfFailure(outgoing, response)),
      onRungOut: () => onRungOut(sent),
      onTerminated: () => {
        this.#byKey.delete(key);
        this.#byId.delete(id);
      },
    });
    const state = { forks: new Forks<Sent['app'] & object>(), cancel: 'no' as const };
    const sent: Sent = { id, app, onFinal, dialog, outgoing, transaction, ...state };
    this.#byKey.set(key, sent);
    this.#byId.set(id, sent);
    return sent;
  }

  /** A response from the network. */
  receive(response: SipResponse, flow: Flow): void {
    this.#byKey.get(responseKey(response))?.transaction.receive(response, flow);
  }

  byId(id: string): Sent | undefined {
    return this.#byId.get(id);
  }

  /** Those of a method; in no dialog yet where `dialogId` names the one they would make. */
  of(method: Outgoing['method'], dialogId?: string): Sent[] {
    return [...this.#byId.values()].filter(
      sent =>
        sent.outgoing.method === method &&
        (dialogId === undefined || (!sent.dialog && dialogIdFor(sent) === dialogId)),
    );
  }

  invitesIn(dialog: AppDialog): Sent[] {
    return this.of('INVITE').filter(sent => sent.dialog === dialog);
  }

  close(): void {
    for (const { transaction } of [...this.#byKey.values()]) transaction.terminate();
  }
}
