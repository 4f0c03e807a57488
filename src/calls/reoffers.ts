import type { Logger } from 'pino';
import type { Seat } from '../conferences/live-conferences.ts';
import { GatewayError } from '../domain/errors.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import type { EndpointMedia } from './endpoint-media.ts';
import type { ReofferHandler } from './ports.ts';

/**
 * What is negotiated again while a call runs, one after the other: hold and
 * resume, picture off and on, other ports, a fresh offer that is asked of us.
 */
export class Reoffers implements ReofferHandler {
  readonly #media: EndpointMedia;
  readonly #seat: Seat;
  readonly #timeoutMs: number;
  readonly #log: Logger;
  readonly #queue = new SerialQueue();
  readonly #over = new AbortController();
  #offered: string | undefined;

  /** @param timeoutMs for one negotiation */
  constructor(media: EndpointMedia, seat: Seat, timeoutMs: number, log: Logger) {
    this.#media = media;
    this.#seat = seat;
    this.#timeoutMs = timeoutMs;
    this.#log = log;
  }

  /** Tells the conference what the endpoint sends now; publishes a camera that is new. */
  async show(signal: AbortSignal): Promise<void> {
    await this.#media.publishFeed(signal);
    await this.#media.meterSound(signal);
    this.#tell();
  }

  answer(offerSdp: string): Promise<string> {
    return this.#run(async signal => {
      const answerSdp = await this.#media.reopen(offerSdp, signal);
      this.#showLater();
      return answerSdp;
    });
  }

  offer(): Promise<string> {
    return this.#run(async () => {
      this.#offered = this.#media.reoffer();
      return this.#offered;
    });
  }

  accept(answerSdp: string): Promise<void> {
    return this.#run(async signal => {
      const offered = this.#offered;
      if (offered === undefined) throw new GatewayError('invalid-state', 'nothing was offered');
      this.#offered = undefined;
      await this.#media.accept(offered, answerSdp, signal);
      this.#showLater();
    });
  }

  /** Gives up what runs; resolves when it has stopped. */
  async close(): Promise<void> {
    this.#over.abort(new Error('call over'));
    await this.#queue.run(async () => undefined);
  }

  /** The endpoint has its answer first: a camera that is published late is no reason to refuse. */
  #showLater(): void {
    this.#tell();
    this.#run(signal => this.#media.publishFeed(signal))
      .then(() => this.#tell())
      .catch(err => this.#log.warn({ err }, 'picture not shown to browsers'));
  }

  #tell(): void {
    const { hasAudio, hasVideo, isOnHold } = this.#media;
    this.#seat.update({ hasAudio, hasVideo, muted: isOnHold });
  }

  #run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#queue.run(() => {
      this.#over.signal.throwIfAborted();
      return work(AbortSignal.any([this.#over.signal, AbortSignal.timeout(this.#timeoutMs)]));
    });
  }
}
