import type { Logger } from 'pino';
import { GatewayError } from '../domain/errors.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import type { EndpointMedia } from './endpoint-media.ts';
import type { ReofferHandler, SignalingLeg } from './ports.ts';

/**
 * What is negotiated again while a call runs, one after the other: hold and
 * resume, picture off and on, other ports, a fresh offer that is asked of us.
 */
export class Reoffers implements ReofferHandler {
  readonly #media: EndpointMedia;
  readonly #leg: Pick<SignalingLeg, 'reoffer'>;
  readonly #onChange: () => void;
  readonly #timeoutMs: number;
  readonly #log: Logger;
  readonly #queue = new SerialQueue();
  readonly #over = new AbortController();
  #offered: string | undefined;
  #isShown = false;

  constructor(
    { media, leg }: { readonly media: EndpointMedia; readonly leg: Pick<SignalingLeg, 'reoffer'> },
    {
      onChange,
      timeoutMs,
      log,
    }: {
      /** Told whenever the endpoint sends something else than before. */
      readonly onChange: () => void;
      /** For one negotiation. */
      readonly timeoutMs: number;
      readonly log: Logger;
    },
  ) {
    this.#media = media;
    this.#leg = leg;
    this.#onChange = onChange;
    this.#timeoutMs = timeoutMs;
    this.#log = log;
  }

  /** Shows the endpoint to the conference: its camera to browsers, its talk to the speakers' list. */
  show(): Promise<void> {
    return this.between(signal => this.#show(signal));
  }

  /** The endpoint's own switch. */
  toggleMute(): Promise<void> {
    return this.between(async signal => {
      await this.#media.toggleMute(signal);
      this.#onChange();
    });
  }

  /** Opens the endpoint's own switch; it is heard unless it is held muted. */
  openMicrophone(): Promise<void> {
    return this.between(async signal => {
      await this.#media.openMicrophone(signal);
      this.#onChange();
    });
  }

  /** Of whoever runs the meeting; the endpoint cannot undo it. */
  holdMuted(held: boolean): Promise<void> {
    return this.between(async signal => {
      await this.#media.holdMuted(held, signal);
      this.#onChange();
    });
  }

  /** Does something with the media while no offer is under way. */
  between<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#queue.run(() => {
      this.#over.signal.throwIfAborted();
      return work(AbortSignal.any([this.#over.signal, AbortSignal.timeout(this.#timeoutMs)]));
    });
  }

  /**
   * Offers the endpoint what stands, in a re-INVITE of ours, and takes its answer.
   *
   * @throws GatewayError `offer-refused`; what stood still stands
   */
  renegotiate(): Promise<void> {
    return this.between(signal => this.#offerWhatStands(signal));
  }

  /**
   * The media relay came back empty: opens everything there anew, where the endpoint is
   * to send from now on in an offer of ours.
   */
  reopenAtRelay(): Promise<void> {
    return this.between(async signal => {
      await this.#media.reopenAtRelay(signal);
      await this.#offerWhatStands(signal);
      if (this.#isShown) await this.#show(signal);
    });
  }

  /** The stage came back without the endpoint. */
  reopenOnStage(): Promise<void> {
    return this.between(async signal => {
      await this.#media.reopenOnStage(signal);
      if (this.#isShown) await this.#show(signal);
    });
  }

  answer(offerSdp: string): Promise<string> {
    return this.between(async signal => {
      const answerSdp = await this.#media.reopen(offerSdp, signal);
      this.#showLater();
      return answerSdp;
    });
  }

  offer(): Promise<string> {
    return this.between(async () => {
      this.#offered = this.#media.reoffer();
      return this.#offered;
    });
  }

  accept(answerSdp: string): Promise<void> {
    return this.between(async signal => {
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

  async #show(signal: AbortSignal): Promise<void> {
    this.#isShown = true;
    await this.#media.publishFeed(signal);
    await this.#media.meterSound(signal);
    this.#onChange();
  }

  async #offerWhatStands(signal: AbortSignal): Promise<void> {
    const offerSdp = this.#media.reoffer();
    const answerSdp = await this.#leg.reoffer(offerSdp, signal);
    await this.#media.accept(offerSdp, answerSdp, signal);
    this.#onChange();
  }

  /** The endpoint has its answer first: a camera that is published late is no reason to refuse. */
  #showLater(): void {
    this.#onChange();
    this.between(signal => this.#media.publishFeed(signal))
      .then(() => this.#onChange())
      .catch(err => this.#log.warn({ err }, 'picture not shown to browsers'));
  }
}
