import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import { GatewayError } from '../domain/errors.ts';
import { abortable, asError, sleep } from '../util/abort.ts';
import { ALLOW } from './headers.ts';

export interface OwnOfferOptions {
  readonly signal: AbortSignal;
  readonly onSent: () => void;
  readonly onResponse: (res: SrfResponse) => void;
}

/** What the library keeps in a dialog and its types leave out. */
interface DialogInside {
  readonly id: string;
  /** `uac` where we began it. */
  readonly type: 'uac' | 'uas';
  readonly socket: unknown;
  readonly local: { sdp: string; readonly contact: string };
  readonly agent: {
    request(
      options: object,
      callback: (err: Error | null, req?: SrfRequest & NodeJS.EventEmitter) => void,
    ): void;
  };
}

const GLARE = 491;
/** Who owns the Call-ID waits for 2.1 to 4 s, the other for 0 to 2 s, in steps of 10 ms; RFC 3261 §14.1. */
const GLARE_WAITS = { uac: { fromMs: 2_100, steps: 190 }, uas: { fromMs: 0, steps: 200 } } as const;
const GLARE_STEP_MS = 10;
/** Both sides draw anew each time: more crossings in a row are no accident. */
const MAX_TRIES = 5;

/**
 * Sends a re-INVITE with our offer in a dialog, again after
 * a crossing, and gives the answer. A refusal leaves the dialog as it was.
 *
 * @throws GatewayError `offer-refused`, `answer-missing`
 */
export async function sendOffer(
  dialog: Dialog,
  offerSdp: string,
  options: OwnOfferOptions,
): Promise<string> {
  const { signal } = options;
  for (let tries = 1; ; tries += 1) {
    const res = await abortable(sendOnce(dialog, offerSdp, options), signal);
    if (res.status < 300) return answerOf(dialog, offerSdp, res);
    if (res.status !== GLARE || tries === MAX_TRIES) throw refused(res);
    await sleep(glareWaitMs(dialog), signal);
  }
}

function glareWaitMs(dialog: Dialog): number {
  const { fromMs, steps } = GLARE_WAITS[(dialog as unknown as DialogInside).type];
  return fromMs + Math.floor(Math.random() * (steps + 1)) * GLARE_STEP_MS;
}

/**
 * One re-INVITE up to its final response; a 2xx is acknowledged, also when nobody
 * waits any more. Not `dialog.modify`: after a refusal the library takes that one
 * for still under way, and the next never goes out.
 */
function sendOnce(
  dialog: Dialog,
  offerSdp: string,
  { onSent, onResponse }: OwnOfferOptions,
): Promise<SrfResponse> {
  const { agent, id, socket, local } = dialog as unknown as DialogInside;
  const headers = { Contact: local.contact, 'Content-Type': 'application/sdp', Allow: ALLOW };
  const request = { method: 'INVITE', stackDialogId: id, body: offerSdp, _socket: socket, headers };
  return new Promise((resolve, reject) => {
    agent.request(request, (err, req) => {
      if (err || !req) return reject(asError(err ?? new Error('re-INVITE not sent')));
      onSent();
      req.on('response', (res: SrfResponse, ack: () => void) => {
        if (res.status < 200) return;
        onResponse(res);
        if (res.status < 300) ack();
        resolve(res);
      });
    });
  });
}

function answerOf(dialog: Dialog, offerSdp: string, res: SrfResponse): string {
  const { body = '' } = res as unknown as { readonly body?: string };
  if (body === '') throw new GatewayError('answer-missing', '200 brings no answer to our offer');
  dialog.local.sdp = offerSdp;
  dialog.remote.sdp = body;
  return body;
}

function refused({ status }: SrfResponse): GatewayError {
  const details = { status };
  return new GatewayError('offer-refused', `peer refused our offer with ${status}`, { details });
}
