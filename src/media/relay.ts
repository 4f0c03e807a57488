import type { Logger } from 'pino';
import { z } from 'zod';
import type { EngineHealth, MediaRelay, RtpAddress } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { CallId } from '../domain/ids.ts';
import type { AudioName } from '../sdp/types.ts';
import { sleep } from '../util/abort.ts';
import { audioOnlyAnswer } from './audio-only-answer.ts';
import {
  copyAnswer,
  copyRequest,
  feedAnswer,
  feedId,
  feedOffer,
  legAnswer,
  legOffer,
} from './commands.ts';
import { lastPacketSec } from './last-packet.ts';
import { NgClient, type NgClientOptions, type NgCommand, type NgReply } from './ng-client.ts';

/** Between looks at rtpengine's health. */
const WATCH_INTERVAL_MS = 2_000;
/** Longest stay of a DELETE: the cleanup of a call must not wait for a dead relay. */
const RELEASE_TIMEOUT_MS = 1_000;

const SdpReply = z.looseObject({ result: z.literal('ok'), sdp: z.string() });
const ListReply = z.looseObject({ calls: z.array(z.string()) });

/** rtpengine as the core's media relay; `connectMediaRelay` makes one. */
export class RtpengineRelay implements MediaRelay {
  readonly #ng: NgClient;
  readonly #log: Logger;
  readonly #lostListeners = new Set<(error: GatewayError) => void>();
  readonly #watching = new AbortController();
  /** Calls rtpengine should know; a restarted one does not. */
  readonly #open = new Set<string>();
  #health: EngineHealth = { ok: false, detail: 'not asked yet' };

  constructor(options: NgClientOptions) {
    this.#ng = new NgClient(options);
    this.#log = options.log.child({ engine: 'rtpengine' });
  }

  /** Asks once and goes on watching until `close`. */
  async start(): Promise<void> {
    await this.#look();
    void this.#watch();
  }

  async offerLeg(
    callId: CallId,
    offerSdp: string,
    options: { readonly transcodeTo?: AudioName },
    signal: AbortSignal,
  ): Promise<string> {
    return this.#sdp('offer', callId, legOffer(callId, offerSdp, options.transcodeTo), signal);
  }

  answerLeg(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string> {
    return this.#sdp('answer', callId, legAnswer(callId, answerSdp), signal);
  }

  offerFeed(callId: CallId, offerSdp: string, signal: AbortSignal): Promise<string> {
    const id = feedId(callId);
    return this.#sdp('offer', id, feedOffer(id, offerSdp), signal);
  }

  answerFeed(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string> {
    const id = feedId(callId);
    return this.#sdp('answer', id, feedAnswer(id, answerSdp), signal);
  }

  async copyAudio(callId: CallId, to: RtpAddress, signal: AbortSignal): Promise<void> {
    const offer = await this.#sdp('subscribeRequest', callId, copyRequest(callId), signal);
    const answer = copyAnswer(callId, audioOnlyAnswer(offer, to));
    const reply = await this.#ng.request('subscribeAnswer', answer, signal);
    if (reply.result !== 'ok') throw refused('subscribeAnswer', reply);
  }

  async silentMs(callId: CallId, signal: AbortSignal): Promise<number | undefined> {
    this.#mustBeUp();
    const reply = await this.#ng.request('query', { 'call-id': callId }, signal);
    const lastSec = lastPacketSec(reply);
    return lastSec === undefined ? undefined : Math.max(0, Date.now() - lastSec * 1000);
  }

  async release(callId: CallId): Promise<void> {
    const ids = [callId, feedId(callId)].filter(id => this.#open.delete(id));
    if (!this.#health.ok) return;
    const signal = AbortSignal.timeout(RELEASE_TIMEOUT_MS);
    await Promise.all(ids.map(id => this.#ng.request('delete', { 'call-id': id }, signal)));
  }

  health(): EngineHealth {
    return this.#health;
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#watching.abort(new Error('closed'));
    this.#ng.close();
  }

  async #sdp(
    command: NgCommand,
    id: string,
    options: object,
    signal: AbortSignal,
  ): Promise<string> {
    this.#mustBeUp();
    this.#open.add(id);
    const reply = await this.#ng.request(command, options, signal);
    const parsed = SdpReply.safeParse(reply);
    if (parsed.success) return parsed.data.sdp;
    throw refused(command, reply);
  }

  /** While it is down a caller hears so at once instead of after the time limit. */
  #mustBeUp(): void {
    if (this.#health.ok) return;
    const details = { engine: 'rtpengine' };
    throw new GatewayError('media-relay-down', 'rtpengine does not answer', { details });
  }

  async #watch(): Promise<void> {
    const { signal } = this.#watching;
    while (!signal.aborted) {
      try {
        await sleep(WATCH_INTERVAL_MS, signal);
      } catch {
        return; // closed
      }
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    const before = new Set(this.#open);
    try {
      const { calls } = ListReply.parse(await this.#ng.request('list', { limit: '100000' }));
      if (!this.#health.ok) this.#log.info('media relay answers');
      this.#health = { ok: true };
      this.#checkForgotten(before, new Set(calls));
    } catch (err) {
      if (this.#watching.signal.aborted || !this.#health.ok) return;
      this.#log.error({ err }, 'media relay lost');
      this.#lost('does not answer');
    }
  }

  /** A relay that came back empty between two looks has lost every call. */
  #checkForgotten(before: ReadonlySet<string>, known: ReadonlySet<string>): void {
    const expected = [...before].filter(id => this.#open.has(id));
    if (expected.length === 0 || expected.some(id => known.has(id))) return;
    this.#log.error({ calls: expected.length }, 'media relay came back empty');
    this.#lost('came back empty');
    this.#health = { ok: true };
  }

  #lost(detail: string): void {
    this.#health = { ok: false, detail };
    this.#open.clear();
    const error = new GatewayError('media-relay-down', `rtpengine ${detail}`);
    for (const listener of [...this.#lostListeners]) listener(error);
  }
}

function refused(command: NgCommand, reply: NgReply): GatewayError {
  return new GatewayError('media-relay-refused', `rtpengine refused the ${command}`, {
    details: { engine: 'rtpengine', reason: reply['error-reason'] },
  });
}
