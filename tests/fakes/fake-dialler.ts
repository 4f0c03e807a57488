import type { CallerIdentity, CallTarget, Dialler, OutgoingLeg } from '../../src/calls/ports.ts';
import { GatewayError, type GatewayErrorCode } from '../../src/domain/errors.ts';
import { FakeDialog } from './fake-dialog.ts';

/** One called device: rings, answers and refuses when told to. */
export class FakeOutgoingLeg extends FakeDialog implements OutgoingLeg {
  readonly target: CallTarget;
  readonly caller: CallerIdentity;
  /** Our offers, one for each INVITE. */
  readonly invites: string[] = [];
  cancelled = false;
  override remoteAddr = '';
  override userAgent = '';
  #onRinging: () => void = () => undefined;
  #settle: { resolve: (sdp: string) => void; reject: (err: Error) => void } | undefined;

  constructor(target: CallTarget, caller: CallerIdentity) {
    super();
    this.target = target;
    this.caller = caller;
  }

  get sipCallId(): string {
    return this.invites.length === 0 ? '' : `invite-${this.invites.length}`;
  }

  invite(
    offerSdp: string,
    { signal, onRinging }: { readonly signal: AbortSignal; readonly onRinging: () => void },
  ): Promise<string> {
    this.invites.push(offerSdp);
    this.#onRinging = onRinging;
    signal.addEventListener('abort', () => {
      this.cancelled = this.#settle !== undefined;
    });
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  ring(): void {
    this.#onRinging();
  }

  pickUp(answerSdp: string): void {
    this.remoteAddr = '192.0.2.20:5060';
    this.userAgent = 'FakeEndpoint/1.0';
    this.#settle?.resolve(answerSdp);
    this.#settle = undefined;
  }

  refuse(code: GatewayErrorCode): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.reject(new GatewayError(code, 'refused'));
  }
}

/** Makes called devices and remembers them, the latest last. */
export class FakeDialler implements Dialler {
  readonly legs: FakeOutgoingLeg[] = [];

  legTo(target: CallTarget, caller: CallerIdentity): FakeOutgoingLeg {
    const leg = new FakeOutgoingLeg(target, caller);
    this.legs.push(leg);
    return leg;
  }

  get last(): FakeOutgoingLeg {
    const leg = this.legs.at(-1);
    if (!leg) throw new Error('nobody was called');
    return leg;
  }
}
