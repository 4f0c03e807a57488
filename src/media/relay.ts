import type { Logger } from 'pino';
import { z } from 'zod';
import type { EngineHealth, MediaRelay, RtpAddress, Silence } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { CallId } from '../domain/ids.ts';
import type { AudioName } from '../sdp/types.ts';
import { abortable } from '../util/abort.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import { audioOnlyAnswer } from './audio-only-answer.ts';
import {
  copyAnswer,
  copyRequest,
  ENDPOINT_TAG,
  feedAnswer,
  feedId,
  feedOffer,
  legAnswer,
  legOffer,
} from './commands.ts';
import { HealthWatch } from './health-watch.ts';
import {
  NgClient,
  type NgClientOptions,
  type NgCommand,
  type NgOptions,
  type NgReply,
} from './ng-client.ts';
import { OpenCalls } from './open-calls.ts';
import { readPacketTimes } from './packet-times.ts';
import { type PortUse, readPortUse } from './port-use.ts';

/** Between looks at rtpengine's health. */
const WATCH_INTERVAL_MS = 2_000;
/** While it is away: every call waits for it. */
const RETRY_INTERVAL_MS = 250;

/** How rtpengine answers a query for a call it does not hold. */
const UNKNOWN_CALL = 'Unknown call-id';

const SdpReply = z.looseObject({ result: z.literal('ok'), sdp: z.string() });

/** rtpengine as the core's media relay; `connectMediaRelay` makes one. */
export class RtpengineRelay implements MediaRelay {
  readonly #ng: NgClient;
  readonly #log: Logger;
  readonly #watch: HealthWatch;
  readonly #events: TypedEmitter<{ lost: GatewayError; restored: undefined }>;
  readonly #calls = new OpenCalls();
  /** Calls that rtpengine may still hold, though nobody wants them any more. */
  readonly #leftovers = new Set<string>();

  constructor(options: NgClientOptions) {
    this.#ng = new NgClient(options);
    this.#log = options.log.child({ engine: 'rtpengine' });
    this.#events = new TypedEmitter((_, err) => this.#log.error({ err }, 'listener failed'));
    this.#watch = new HealthWatch({
      intervalMs: WATCH_INTERVAL_MS,
      retryMs: RETRY_INTERVAL_MS,
      log: this.#log,
      look: () => this.#look(),
      onLost: detail => this.#lost(detail),
      onRestored: () => this.#events.emit('restored', undefined),
    });
  }

  /** Asks once and goes on watching until `close`. */
  start(): Promise<void> {
    return this.#watch.start();
  }

  async offerLeg(
    callId: CallId,
    offerSdp: string,
    options: { readonly transcodeTo?: AudioName },
    signal: AbortSignal,
  ): Promise<string> {
    return this.#sdp('offer', callId, legOffer(callId, offerSdp, options.transcodeTo), signal);
  }

  async answerLeg(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string> {
    return this.#sdp('answer', callId, legAnswer(callId, answerSdp), signal);
  }

  async offerFeed(callId: CallId, offerSdp: string, signal: AbortSignal): Promise<string> {
    const id = feedId(callId);
    return this.#sdp('offer', id, feedOffer(id, offerSdp), signal);
  }

  async answerFeed(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string> {
    const id = feedId(callId);
    return this.#sdp('answer', id, feedAnswer(id, answerSdp), signal);
  }

  async copyAudio(callId: CallId, to: RtpAddress, signal: AbortSignal): Promise<void> {
    const offer = await this.#sdp('subscribe request', callId, copyRequest(callId), signal);
    const answer = copyAnswer(callId, audioOnlyAnswer(offer, to));
    await this.#ask('subscribe answer', callId, answer, signal);
  }

  async silence(callId: CallId, signal: AbortSignal): Promise<Silence | undefined> {
    this.#mustBeUp();
    const gauge = this.#calls.gaugeOf(callId);
    if (!gauge) return undefined;
    const reply = await abortable(this.#ng.request('query', { 'call-id': callId }), signal);
    const times = readPacketTimes(reply, ENDPOINT_TAG);
    return times && gauge.silence(times, performance.now());
  }

  async release(callId: CallId): Promise<void> {
    const open = [callId, feedId(callId)].filter(id => this.#calls.has(id));
    await Promise.all(open.map(id => this.#delete(id)));
  }

  health(): EngineHealth {
    return this.#watch.health;
  }

  /** Undefined while it is away. */
  async ports(): Promise<PortUse | undefined> {
    if (!this.#watch.health.ok) return undefined;
    const reply = await this.#ng.request('statistics').catch(() => undefined); // it went away now
    return readPortUse(reply);
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    return this.#events.on('lost', listener);
  }

  onRestored(listener: () => void): () => void {
    return this.#events.on('restored', listener);
  }

  async close(): Promise<void> {
    this.#watch.stop();
    this.#ng.close();
  }

  async #sdp(
    command: NgCommand,
    id: string,
    options: NgOptions,
    signal: AbortSignal,
  ): Promise<string> {
    const parsed = SdpReply.safeParse(await this.#ask(command, id, options, signal));
    if (parsed.success) return parsed.data.sdp;
    throw refused(command, 'reply without SDP');
  }

  /** Sends a command that makes or changes a call; one that was aborted is still waited for before its DELETE. */
  async #ask(
    command: NgCommand,
    id: string,
    options: NgOptions,
    signal: AbortSignal,
  ): Promise<NgReply> {
    this.#mustBeUp();
    signal.throwIfAborted();
    // What it holds of before an outage would be changed instead of opened, and then deleted.
    if (this.#leftovers.has(id)) await abortable(this.#deleteLeftover(id), signal);
    const asked = this.#ng.request(command, options);
    this.#calls.asked(id, asked, performance.now());
    const reply = await abortable(asked, signal);
    if (reply.result === 'ok') return reply;
    throw refused(command, reply['error-reason']);
  }

  async #delete(id: string): Promise<void> {
    const underWay = this.#calls.forget(id);
    this.#leftovers.add(id);
    await underWay;
    if (!this.#watch.health.ok) return;
    await this.#deleteLeftover(id).catch(err =>
      this.#log.warn({ err, relayCallId: id }, 'call not deleted yet'),
    );
  }

  /** What fails is tried again at the next look; rtpengine says `ok` also to a call it never knew. */
  async #deleteLeftover(id: string): Promise<void> {
    await this.#ng.request('delete', { 'call-id': id });
    this.#leftovers.delete(id);
  }

  /** While it is down a caller hears so at once instead of after the time limit. */
  #mustBeUp(): void {
    if (this.#watch.health.ok) return;
    const details = { engine: 'rtpengine' };
    throw new GatewayError('media-relay-down', 'rtpengine does not answer', { details });
  }

  async #look(): Promise<string | undefined> {
    await this.#ng.request('ping');
    for (const id of [...this.#leftovers]) await this.#deleteLeftover(id);
    return (await this.#isRestarted()) ? 'came back empty' : undefined;
  }

  /** A relay that was started anew between two looks knows none of the calls it confirmed. */
  async #isRestarted(): Promise<boolean> {
    let missing = 0;
    for (const id of this.#calls.witnesses()) {
      const reply = await this.#ng.request('query', { 'call-id': id });
      if (reply['error-reason'] !== UNKNOWN_CALL) return false;
      if (this.#calls.has(id)) missing += 1;
    }
    return missing > 0;
  }

  /** What it still held, should it only have been out of reach, is deleted when it answers again. */
  #lost(detail: string): void {
    for (const id of this.#calls.forgetAll()) this.#leftovers.add(id);
    const details = { engine: 'rtpengine' };
    this.#events.emit(
      'lost',
      new GatewayError('media-relay-down', `rtpengine ${detail}`, { details }),
    );
  }
}

function refused(command: NgCommand, reason: string | undefined): GatewayError {
  return new GatewayError('media-relay-refused', `rtpengine refused the ${command}`, {
    details: { engine: 'rtpengine', reason },
  });
}
