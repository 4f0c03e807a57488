import type Srf from 'drachtio-srf';
import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Logger } from 'pino';
import type { ReofferHandler, SignalingLeg, TracedMessage } from '../calls/ports.ts';
import type { EndReason } from '../domain/call.ts';
import { GatewayError, toGatewayError } from '../domain/errors.ts';
import { keyOfInfo } from './dtmf-info.ts';
import { ALLOW, refusalHeaders } from './headers.ts';
import { Ladder } from './ladder.ts';
import { sendOffer } from './own-offer.ts';
import { isPictureFastUpdate, MEDIA_CONTROL_TYPE, PICTURE_FAST_UPDATE } from './picture-refresh.ts';

export interface SipLegDeps {
  readonly srf: Srf;
  readonly publicHost: string;
  readonly log: Logger;
}

/** What the server says when it ends a dialog by itself; anything else is the peer's BYE. */
const SERVER_MADE_ENDS: Record<string, EndReason> = { 'ACK timeout': 'ack-timeout' };

/** What is the same for a dialog whichever side began it: everything after the answer. */
export abstract class DialogLeg implements SignalingLeg {
  abstract readonly sipTransport: string;
  abstract readonly remoteAddr: string;
  abstract readonly userAgent: string;
  readonly ended: Promise<EndReason>;
  protected readonly deps: SipLegDeps;
  protected readonly ladder = new Ladder();
  #dialog: Dialog | undefined;
  #end: (reason: EndReason) => void = () => undefined;
  #reoffer: ReofferHandler | undefined;
  /** An offer of ours has no answer yet. */
  #isOffering = false;
  #keyPressed: (key: string) => void = () => undefined;
  #keyframeRequested: () => void = () => undefined;

  constructor(deps: SipLegDeps) {
    this.deps = deps;
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
  }

  get messages(): readonly TracedMessage[] {
    return this.ladder.messages;
  }

  async reoffer(offerSdp: string, signal: AbortSignal): Promise<string> {
    const dialog = this.#dialog;
    if (!dialog) throw new GatewayError('invalid-state', 'offer outside of a call');
    this.#isOffering = true;
    try {
      return await sendOffer(dialog, offerSdp, {
        signal,
        onSent: () => this.ladder.sent('INVITE (our offer)', offerSdp),
        onResponse: res => this.ladder.received((res as unknown as { raw: string }).raw),
      });
    } finally {
      this.#isOffering = false;
    }
  }

  /** Resolves when BYE is on its way; its answer is the server's business. */
  async hangup(reason: EndReason): Promise<void> {
    const dialog = this.#dialog;
    if (!dialog) return;
    this.#dialog = undefined;
    if (reason === 'peer-hangup' || reason === 'ack-timeout' || reason === 'sip-server-down')
      return;
    this.bye(dialog, reason);
  }

  onReoffer(handler: ReofferHandler): void {
    this.#reoffer = handler;
  }

  onKey(handler: (key: string) => void): void {
    this.#keyPressed = handler;
  }

  onKeyframeRequest(handler: () => void): void {
    this.#keyframeRequested = handler;
  }

  async requestKeyframe(): Promise<void> {
    this.ladder.sent('INFO (key frame)');
    await this.#dialog?.request({
      method: 'INFO',
      headers: { 'Content-Type': MEDIA_CONTROL_TYPE },
      body: PICTURE_FAST_UPDATE,
    } as unknown as SrfRequest);
  }

  /** The connection to the SIP server was lost: the dialog is gone, or will never be. */
  serverLost(): void {
    this.#end('sip-server-down');
  }

  protected get hasDialog(): boolean {
    return this.#dialog !== undefined;
  }

  /** The dialog stands: what comes in it is heard from now on. */
  protected confirmed(dialog: Dialog): void {
    this.#dialog = dialog;
    this.#listen(dialog);
  }

  protected bye(dialog: Dialog, reason: string): void {
    const headers = { Reason: `SIP;cause=200;text="${reason}"` };
    this.ladder.sent(`BYE (${reason})`);
    dialog.destroy({ headers }, err => {
      if (err) this.deps.log.debug({ err }, 'bye not sent');
    });
  }

  /** @throws GatewayError `answer-missing` */
  protected answerInAck(dialog: Dialog): Promise<string> {
    return new Promise((resolve, reject) => {
      (dialog as unknown as NodeJS.EventEmitter).once('ack', (ack: SrfRequest) => {
        if (ack.body) resolve(ack.body);
        else reject(new GatewayError('answer-missing', 'ACK brings no answer to our offer'));
      });
    });
  }

  protected refuse(res: SrfResponse, error: GatewayError): void {
    const status = error.outcome.sipStatus ?? 500;
    this.ladder.sent(`SIP/2.0 ${status} (${error.code})`);
    res.send(status, { headers: refusalHeaders(error, this.deps.publicHost) });
  }

  #listen(dialog: Dialog): void {
    (dialog as unknown as NodeJS.EventEmitter).on('ack', (req: SrfRequest) =>
      this.ladder.received(req.raw),
    );
    dialog.on('destroy', (req: SrfRequest, reason?: string) => {
      this.ladder.received(req.raw);
      this.#end(SERVER_MADE_ENDS[reason ?? ''] ?? 'peer-hangup');
    });
    dialog.on('modify', (req, res) => void this.#answerReoffer(dialog, req, res));
    dialog.on('update', (req, res) => void this.#answerReoffer(dialog, req, res));
    dialog.on('info', (req, res) => {
      this.ladder.received(req.raw);
      res.send(200);
      const [contentType, body] = [req.get('Content-Type'), req.body ?? ''];
      if (isPictureFastUpdate(contentType, body)) this.#keyframeRequested();
      const key = keyOfInfo(contentType, body);
      if (key !== undefined) this.#keyPressed(key);
    });
  }

  /** Answers a re-INVITE or UPDATE; RFC 3261 §14.2, RFC 3311. */
  async #answerReoffer(dialog: Dialog, req: SrfRequest, res: SrfResponse): Promise<void> {
    this.ladder.received(req.raw);
    if (this.#isOffering) return this.#refuseCrossing(res);
    try {
      const sdp = await this.#nextDescription(dialog, req);
      dialog.local.sdp = sdp;
      this.#confirm(req, res, sdp);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      this.deps.log.warn({ err: error, code: error.code }, 'offer in dialog refused');
      this.refuse(res, error);
    }
  }

  /** Ours is still to be answered; RFC 3261 §14.2, RFC 3311 §5.2. */
  #refuseCrossing(res: SrfResponse): void {
    this.ladder.sent('SIP/2.0 491 (crossing)');
    res.send(491);
  }

  /** Our answer to its offer; our offer when a re-INVITE brings none. */
  async #nextDescription(dialog: Dialog, req: SrfRequest): Promise<string> {
    const handler = this.#reoffer;
    if (!req.body && req.method === 'UPDATE') return dialog.local.sdp;
    if (!handler) throw new GatewayError('invalid-state', 'offer before the call stands');
    if (req.body) return handler.answer(req.body);
    const offerSdp = await handler.offer();
    this.answerInAck(dialog)
      .then(answerSdp => handler.accept(answerSdp))
      .catch(err => this.#failed(err));
    return offerSdp;
  }

  /** What stands no longer agrees on both sides: the call cannot go on. */
  #failed(thrown: unknown): void {
    const { code } = toGatewayError(thrown);
    this.deps.log.warn({ err: thrown, code }, 'answer to our offer not taken');
    this.#end(code);
  }

  #confirm(req: SrfRequest, res: SrfResponse, sdp: string): void {
    const withBody = req.method === 'INVITE' || Boolean(req.body);
    this.ladder.sent(`SIP/2.0 200 OK (${req.method})`, withBody ? sdp : '');
    res.send(200, {
      headers: { Allow: ALLOW, ...(withBody && { 'Content-Type': 'application/sdp' }) },
      ...(withBody && { body: sdp }),
    });
  }
}
