import { isIP } from 'node:net';
import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { CallerIdentity, CallTarget, OutgoingLeg } from '../calls/ports.ts';
import type { EndReason } from '../domain/call.ts';
import { GatewayError } from '../domain/errors.ts';
import { abortable, asError } from '../util/abort.ts';
import { Networks } from '../util/networks.ts';
import { callerHeader } from './caller-header.ts';
import { dialFailure, isMoved } from './dial-status.ts';
import { DialogLeg, type SipLegDeps } from './dialog-leg.ts';
import { ALLOW } from './headers.ts';
import { proxyUri } from './qualify.ts';

/** The library's types have only one of its forms, and no callbacks. */
type CreateUac = (
  uri: string,
  options: { localSdp: string; headers: Record<string, string>; proxy?: string },
  progress: {
    cbRequest: (err: Error | null, req?: SrfRequest) => void;
    cbProvisional: (res: SrfResponse) => void;
  },
  callback: (err: unknown, dialog?: AnsweredDialog) => void,
) => void;
type AnsweredDialog = Dialog & { readonly res: SrfResponse };

export interface OutgoingSipLegOptions {
  readonly target: CallTarget;
  readonly caller: CallerIdentity;
  /** Told when the leg is hung up, answered or not. */
  readonly over: () => void;
}

type InviteOptions = Parameters<OutgoingLeg['invite']>[1];
type Address = Pick<CallTarget, 'uri' | 'udpAddr'>;

/** What is known of one INVITE. */
interface Attempt {
  /** Undefined before it is sent. */
  sent: SrfRequest | undefined;
  hasRung: boolean;
}

const RINGING = 180;
const SESSION_PROGRESS = 183;

/** The SIP side of a call of ours: an INVITE, the next after a redirection or refusal, and the dialog. */
export class OutgoingSipLeg extends DialogLeg implements OutgoingLeg {
  readonly #target: CallTarget;
  readonly #caller: CallerIdentity;
  readonly #over: () => void;
  readonly #lost = new AbortController();
  #sipCallId = '';
  #sipTransport: string;
  #remoteAddr = '';
  #userAgent = '';

  constructor(deps: SipLegDeps, { target, caller, over }: OutgoingSipLegOptions) {
    super(deps);
    this.#target = target;
    this.#caller = caller;
    this.#over = over;
    this.#sipTransport = transportOf(target.uri);
  }

  get sipCallId(): string {
    return this.#sipCallId;
  }

  get sipTransport(): string {
    return this.#sipTransport;
  }

  get remoteAddr(): string {
    return this.#remoteAddr;
  }

  get userAgent(): string {
    return this.#userAgent;
  }

  async invite(offerSdp: string, options: InviteOptions): Promise<string> {
    const first = await this.#inviteAt(this.#target, offerSdp, options);
    if (typeof first === 'string') return first;
    const next = await this.#inviteAt({ uri: this.#inSite(first) }, offerSdp, options);
    if (typeof next === 'string') return next;
    throw new GatewayError('peer-moved', 'called device redirects again and again');
  }

  override async hangup(reason: EndReason): Promise<void> {
    this.#over();
    await super.hangup(reason);
  }

  override serverLost(): void {
    this.#lost.abort(new GatewayError('sip-server-down', 'connection to the SIP server lost'));
    super.serverLost();
  }

  /** Gives the answer, or the redirection; RFC 3261 §8.1.3.4. */
  async #inviteAt(
    address: Address,
    offerSdp: string,
    { signal, onRinging }: InviteOptions,
  ): Promise<string | SrfResponse> {
    const stop = AbortSignal.any([signal, this.#lost.signal]);
    stop.throwIfAborted();
    const attempt: Attempt = { hasRung: false, sent: undefined };
    const onAbort = () => this.#cancel(attempt.sent);
    stop.addEventListener('abort', onAbort, { once: true });
    const answered = this.#send(address, offerSdp, { attempt, stop, onRinging });
    try {
      return answerOf(await abortable(answered, stop));
    } catch (thrown) {
      if (stop.aborted) throw asError(stop.reason);
      return this.#refused(thrown, attempt);
    } finally {
      stop.removeEventListener('abort', onAbort);
    }
  }

  /** One INVITE up to its final response; that of a device that answers too late is dealt with, too. */
  #send(
    { uri, udpAddr }: Address,
    offerSdp: string,
    watch: {
      readonly attempt: Attempt;
      readonly stop: AbortSignal;
      readonly onRinging: () => void;
    },
  ): Promise<AnsweredDialog> {
    const { srf, publicHost } = this.deps;
    const { attempt, stop, onRinging } = watch;
    const from = callerHeader(this.#caller, publicHost);
    const headers = { From: from, Allow: ALLOW, 'Content-Type': 'application/sdp' };
    const options = { localSdp: offerSdp, headers, ...(udpAddr && { proxy: proxyUri(udpAddr) }) };
    const createUac = srf.createUAC.bind(srf) as unknown as CreateUac;
    const progress: Parameters<CreateUac>[2] = {
      cbRequest: (err, req) => {
        if (err || !req) return;
        attempt.sent = req;
        this.#sipCallId = req.get('Call-ID');
        this.ladder.sent(`INVITE ${uri}`, offerSdp);
        if (stop.aborted) this.#cancel(req);
      },
      cbProvisional: res => {
        this.#heard(res);
        if (attempt.hasRung || (res.status !== RINGING && res.status !== SESSION_PROGRESS)) return;
        attempt.hasRung = true;
        onRinging();
      },
    };
    return new Promise((resolve, reject) => {
      createUac(uri, options, progress, (thrown, dialog) => {
        if (dialog) {
          this.#answered(dialog, stop);
          return resolve(dialog);
        }
        const { res } = thrown as { readonly res?: SrfResponse };
        if (res) this.#heard(res); // 487 as a rule when nobody waits; for the ladder
        reject(thrown);
      });
    });
  }

  /**
   * In the library's callback, not after its promise: a BYE may come in the same read as the
   * 200, and is told before a promise is. A dialog that nobody wants any more is ended at once.
   */
  #answered(dialog: AnsweredDialog, stop: AbortSignal): void {
    this.#heard(dialog.res);
    if (stop.aborted) this.bye(dialog, 'cancelled');
    else this.confirmed(dialog);
  }

  /** Gives a redirection; anything else is thrown as what it means. */
  #refused(thrown: unknown, { hasRung }: Attempt): SrfResponse {
    const res = (thrown as { readonly res?: SrfResponse }).res;
    if (res && isMoved(res.status)) return res;
    if (res) throw failureOf(res, hasRung);
    throw thrown instanceof GatewayError ? thrown : notSent(thrown);
  }

  #cancel(req: SrfRequest | undefined): void {
    if (!req || this.#lost.signal.aborted) return;
    this.ladder.sent('CANCEL');
    const cancel = (req as unknown as { cancel(callback: (err?: Error) => void): void }).cancel;
    cancel.call(req, err => {
      if (err) this.deps.log.debug({ err }, 'cancel not sent');
    });
  }

  #heard(res: SrfResponse): void {
    const { raw, source_address, source_port, protocol } = res as unknown as ResponseInside;
    this.ladder.received(raw);
    if (source_address) this.#remoteAddr = `${source_address}:${source_port}`;
    if (source_address && protocol) this.#sipTransport = protocol;
    this.#userAgent ||= headerOf(res, 'User-Agent') || headerOf(res, 'Server');
  }

  /** @throws GatewayError `peer-moved` when the new address is not the site's */
  #inSite(res: SrfResponse): string {
    const contacts = headerOf(res, 'Contact');
    const uri = /<(sips?:[^>]+)>|^(sips?:[^;,\s]+)/i.exec(contacts)?.slice(1).find(Boolean) ?? '';
    const host = hostOf(uri);
    const isSame = host !== '' && host === hostOf(this.#target.uri);
    const isOurs = isIP(host) !== 0 && new Networks(this.#target.siteNetworks).has(host);
    if (!isSame && !isOurs)
      throw new GatewayError('peer-moved', 'called device redirects to an address of others');
    return uri;
  }
}

/** What a response holds and the library's types leave out. */
interface ResponseInside {
  readonly raw: string;
  readonly source_address?: string;
  readonly source_port?: number;
  readonly protocol?: string;
}

/** @throws GatewayError `answer-missing` */
function answerOf(dialog: AnsweredDialog): string {
  const answerSdp = dialog.remote.sdp;
  if (answerSdp) return answerSdp;
  throw new GatewayError('answer-missing', '200 brings no answer to our offer');
}

function failureOf(res: SrfResponse, hasRung: boolean): GatewayError {
  const { status, reason = '' } = res as unknown as { status: number; reason?: string };
  return dialFailure({ status, reason }, headerOf(res, 'Reason'), hasRung);
}

/** The server could not send it: no such transport, nobody at the other end of a connection. */
function notSent(thrown: unknown): GatewayError {
  return new GatewayError('peer-unreachable', 'call could not be sent', { cause: thrown });
}

function headerOf(res: SrfResponse, name: string): string {
  return (res as unknown as { get(name: string): string | undefined }).get(name) ?? '';
}

/** `udp` where nothing is said; RFC 3263 §4.1. */
function transportOf(uri: string): string {
  if (/^sips:/i.test(uri)) return 'tls';
  return /;transport=(\w+)/i.exec(uri)?.[1]?.toLowerCase() ?? 'udp';
}

/** Without brackets, lower case. */
function hostOf(uri: string): string {
  const [, bracketed, plain = ''] =
    /^sips?:(?:[^@]*@)?(?:\[([^\]]+)\]|([^:;?>]+))/i.exec(uri) ?? [];
  return (bracketed ?? plain).toLowerCase();
}
