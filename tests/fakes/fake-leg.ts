import type { IncomingLeg } from '../../src/calls/ports.ts';
import type { GatewayError } from '../../src/domain/errors.ts';
import { FakeDialog } from './fake-dialog.ts';

/** One caller: what it was told, and buttons to act as the peer. */
export class FakeLeg extends FakeDialog implements IncomingLeg {
  readonly offerSdp: string | undefined;
  answerSdp: string | undefined;
  rejectedWith: GatewayError | undefined;
  offeredSdp: string | undefined;
  readonly #cancel = new AbortController();

  constructor(offerSdp: string | undefined) {
    super();
    this.offerSdp = offerSdp;
  }

  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  cancel(): void {
    this.#cancel.abort(new Error('cancelled by the peer'));
  }

  async accept(answerSdp: string): Promise<void> {
    this.answerSdp = answerSdp;
  }

  reject(error: GatewayError): void {
    if (!this.answerSdp) this.rejectedWith = error;
  }

  async offer(offerSdp: string): Promise<string> {
    this.answerSdp = offerSdp;
    this.offeredSdp = offerSdp;
    return this.answerTo(offerSdp);
  }
}
