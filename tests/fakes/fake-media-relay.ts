import type { EngineHealth, MediaRelay, RtpAddress, Silence } from '../../src/calls/ports.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { CallId } from '../../src/domain/ids.ts';

/** A relay that gives out ports, keeps the promises of its port and shows what it holds. */
export class FakeMediaRelay implements MediaRelay {
  readonly legs = new Set<string>();
  readonly feeds = new Set<string>();
  /** Every offer of a leg, as it came. */
  readonly offers: string[] = [];
  /** Legs whose sound is copied. */
  readonly copies = new Set<string>();
  /** For how long endpoints have sent nothing at all, and no sound. */
  silentMs = 0;
  soundlessMs = 0;
  /** Set to leave `silence` unanswered, though it has not been noticed to be away. */
  isMute = false;
  /** Set to make the next leg offer wait for it. */
  beforeOffer: Promise<void> | undefined;
  /** Set to make the next step of that name fail. */
  readonly failNext = new Map<'offerFeed' | 'answerFeed', Error>();
  readonly #restoredListeners = new Set<() => void>();
  readonly #lostListeners = new Set<(error: GatewayError) => void>();
  /** Legs whose endpoint has keys. */
  readonly #secure = new Set<string>();
  #up = true;
  #nextPort = 30_000;

  async offerLeg(
    callId: CallId,
    offerSdp: string,
    options: { readonly transcodeTo?: string },
    signal: AbortSignal,
  ): Promise<string> {
    this.#mustBeUp(signal);
    await this.beforeOffer;
    signal.throwIfAborted();
    this.legs.add(callId);
    this.offers.push(offerSdp);
    if (offerSdp.includes('a=crypto:')) this.#secure.add(callId);
    else this.#secure.delete(callId);
    const moved = this.#withOwnPorts(offerSdp, '127.0.0.1');
    return options.transcodeTo === 'opus' ? moved.replace(/(m=audio \d+ \S+) \d+/, '$1 96') : moved;
  }

  async answerLeg(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string> {
    this.#mustBeUp(signal);
    if (!this.legs.has(callId)) throw new GatewayError('media-relay-refused', 'no such leg');
    const answer = this.#withOwnPorts(answerSdp, '192.0.2.1');
    return this.#secure.has(callId) ? withKeys(answer) : answer;
  }

  async offerFeed(callId: CallId, offerSdp: string, signal: AbortSignal): Promise<string> {
    this.#mustBeUp(signal);
    this.#fail('offerFeed');
    this.feeds.add(callId);
    return this.#withOwnPorts(offerSdp, '192.0.2.1');
  }

  async answerFeed(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string> {
    this.#mustBeUp(signal);
    this.#fail('answerFeed');
    if (!this.feeds.has(callId)) throw new GatewayError('media-relay-refused', 'no such feed');
    return this.#withOwnPorts(answerSdp, '127.0.0.1');
  }

  async copyAudio(callId: CallId, _to: RtpAddress, signal: AbortSignal): Promise<void> {
    this.#mustBeUp(signal);
    if (!this.legs.has(callId)) throw new GatewayError('media-relay-refused', 'no such leg');
    this.copies.add(callId);
  }

  async silence(callId: CallId, signal: AbortSignal): Promise<Silence | undefined> {
    this.#mustBeUp(signal);
    if (this.isMute) throw new GatewayError('media-relay-down', 'relay does not answer');
    if (!this.legs.has(callId)) return undefined;
    return { anyMs: this.silentMs, audioMs: Math.max(this.silentMs, this.soundlessMs) };
  }

  async release(callId: CallId): Promise<void> {
    this.legs.delete(callId);
    this.feeds.delete(callId);
    this.copies.delete(callId);
  }

  health(): EngineHealth {
    return this.#up ? { ok: true } : { ok: false, detail: 'crashed' };
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  /** Dies with all its calls. */
  crash(): void {
    this.#up = false;
    this.legs.clear();
    this.feeds.clear();
    const error = new GatewayError('media-relay-down', 'relay lost');
    for (const listener of this.#lostListeners) listener(error);
  }

  /** Is back, empty. */
  comeBack(): void {
    this.#up = true;
    for (const listener of this.#restoredListeners) listener();
  }

  onRestored(listener: () => void): () => void {
    this.#restoredListeners.add(listener);
    return () => this.#restoredListeners.delete(listener);
  }

  #mustBeUp(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (!this.#up) throw new GatewayError('media-relay-down', 'relay does not answer');
  }

  #fail(step: 'offerFeed' | 'answerFeed'): void {
    const failure = this.failNext.get(step);
    this.failNext.delete(step);
    if (failure) throw failure;
  }

  #withOwnPorts(sdp: string, host: string): string {
    return sdp
      .replace(/^m=(\w+) \d+/gm, (_, kind) => {
        this.#nextPort += 2;
        return `m=${kind} ${this.#nextPort}`;
      })
      .replace(/^a=rtcp:.*\r\n/gm, '')
      .replace(/^c=IN IP4 .*$/gm, `c=IN IP4 ${host}`);
  }
}

/** A key of its own on each line. */
function withKeys(sdp: string): string {
  const key = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'A'.repeat(40)}`;
  return sdp.replaceAll(' RTP/AVP ', ' RTP/SAVP ').replace(/^c=.*$/gm, line => `${line}\r\n${key}`);
}
