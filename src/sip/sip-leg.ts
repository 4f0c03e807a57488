import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { IncomingLeg } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import { asError } from '../util/abort.ts';
import { DialogLeg, type SipLegDeps } from './dialog-leg.ts';
import { ALLOW, remoteAddr } from './headers.ts';

/** The SIP side of an inbound call: one INVITE and the dialog it becomes. */
export class SipLeg extends DialogLeg implements IncomingLeg {
  readonly sipTransport: string;
  readonly remoteAddr: string;
  readonly userAgent: string;
  readonly offerSdp: string | undefined;
  readonly #req: SrfRequest;
  readonly #res: SrfResponse;
  readonly #cancelled = new AbortController();

  constructor(deps: SipLegDeps, req: SrfRequest, res: SrfResponse) {
    super(deps);
    this.#req = req;
    this.#res = res;
    this.ladder.received(req.raw);
    this.sipTransport = req.protocol;
    this.remoteAddr = remoteAddr(req);
    this.userAgent = req.get('User-Agent') ?? '';
    this.offerSdp = req.body || undefined;
    req.on('cancel', () => {
      this.ladder.received('CANCEL');
      this.#cancelled.abort(new Error('cancelled by the peer'));
    });
  }

  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  async accept(answerSdp: string): Promise<void> {
    await this.#confirmInvite(answerSdp);
  }

  async offer(offerSdp: string): Promise<string> {
    const dialog = await this.#confirmInvite(offerSdp);
    return Promise.race([this.answerInAck(dialog), this.#endedEarly()]);
  }

  reject(error: GatewayError): void {
    if (this.hasDialog || this.#cancelled.signal.aborted) return;
    this.refuse(this.#res, error);
  }

  override serverLost(): void {
    this.#cancelled.abort(new GatewayError('sip-server-down', 'connection to the SIP server lost'));
    super.serverLost();
  }

  /**
   * In the library's callback, not after its promise: a BYE may come in the same read as the
   * word that the 200 was sent, and is told before a promise is.
   */
  #confirmInvite(sdp: string): Promise<Dialog> {
    const { srf } = this.deps;
    const headers = { Allow: ALLOW, Supported: 'timer', 'Content-Type': 'application/sdp' };
    return new Promise((resolve, reject) => {
      srf.createUAS(this.#req, this.#res, { localSdp: sdp, headers }, (err, dialog) => {
        if (err) return reject(asError(err));
        this.ladder.sent('SIP/2.0 200 OK', sdp);
        this.confirmed(dialog);
        resolve(dialog);
      });
    });
  }

  /** @throws GatewayError always: the dialog ended before its ACK came */
  async #endedEarly(): Promise<never> {
    const reason = await this.ended;
    throw new GatewayError('answer-missing', `ended before the answer to our offer: ${reason}`);
  }
}
