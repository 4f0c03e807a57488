import { OutboundStream } from '../rtp/outbound-stream.ts';
import { PacedSender } from '../rtp/paced-sender.ts';
import type { ReportBlock } from '../rtp/rtcp.ts';
import { type BitrateLimit, buildTmmbn, type FeedbackItem } from '../rtp/rtcp-feedback.ts';
import type { EndpointTerms } from './endpoint.ts';
import { type RateCap, RateControl } from './rate-control.ts';

/** REMB is repeated every second or so; it holds no longer than this without. */
const REMB_LASTS_MS = 10_000;

type SendTerms = Pick<EndpointTerms, 'payloadType' | 'codec' | 'limits' | 'feedback'>;

export interface SendPathOptions {
  readonly ssrc: number;
  /** Where it goes on after a restart. */
  readonly from?: { readonly seq: number; readonly timestamp: number } | undefined;
  readonly terms: SendTerms;
  readonly sendRtp: (packet: Buffer) => void;
  /** Sends feedback, with the report it needs in front. */
  readonly sendFeedback: (feedback: Buffer) => void;
  /** What is sent has to begin anew; called when the packet at hand is done with. */
  readonly onKeyframeNeeded: () => void;
  /** The most it may be sent has changed. */
  readonly onRate?: ((rate: RateCap) => void) | undefined;
}

/** The way of the picture to one endpoint: what it is sent, how fast, and again where that was lost. */
export class SendPath {
  readonly out: OutboundStream;
  readonly #options: SendPathOptions;
  readonly #sender: PacedSender;
  readonly #control: RateControl;
  #terms: SendTerms;
  #streamBps = Number.POSITIVE_INFINITY;
  #rate: RateCap;

  constructor(options: SendPathOptions) {
    const { ssrc, from, terms, sendRtp, onKeyframeNeeded } = options;
    const { payloadType, limits, feedback } = terms;
    this.#options = options;
    this.#terms = terms;
    this.#control = new RateControl(limits.maxBitrateBps);
    this.#rate = this.#control.cap(0);
    this.#sender = new PacedSender({
      send: sendRtp,
      onKeyframeNeeded: () => queueMicrotask(onKeyframeNeeded),
      bitrateBps: limits.maxBitrateBps,
      repeats: feedback.nack,
    });
    this.out = new OutboundStream(payloadType, {
      ssrc,
      from,
      singleNalOnly: takesSingleNalsOnly(terms),
      send: (packet, nowMs) => this.#sender.send(packet, nowMs),
      admits: (packet, nowMs) => this.#sender.admits(packet, nowMs),
    });
  }

  /** The most it may be sent, and why. */
  get rate(): RateCap {
    return this.#rate;
  }

  /** What it is sent was encoded for this bit rate: it is spread accordingly. */
  encodedFor(streamBps: number, nowMs: number): void {
    this.#streamBps = streamBps;
    this.pace(nowMs);
  }

  update(terms: SendTerms, nowMs: number): void {
    this.#terms = terms;
    this.out.payloadType = terms.payloadType;
    this.out.singleNalOnly = takesSingleNalsOnly(terms);
    this.#sender.repeats = terms.feedback.nack;
    this.#control.negotiated(terms.limits.maxBitrateBps);
    this.pace(nowMs);
  }

  /** The endpoint reports on a stream. */
  reported(block: ReportBlock, nowMs: number): void {
    const reception = this.out.reported(block, nowMs);
    if (!reception) return;
    this.#control.reported({ ...reception, lossRatio: reception.lineLossRatio }, nowMs);
    this.pace(nowMs);
  }

  /** The endpoint says something else of a stream. */
  feedback(item: FeedbackItem, nowMs: number): void {
    if (item.kind === 'keyframe-request' || item.mediaSsrc !== this.out.ssrc) return;
    if (item.kind === 'nack')
      this.#sender.lost(item.seqs, this.out.farReception?.roundTripMs, nowMs);
    else this.#limit(item, nowMs);
  }

  /** Follows what the cap is now: limits run out. */
  pace(nowMs: number): void {
    const rate = this.#control.cap(nowMs);
    const isChanged = rate.maxBitrateBps !== this.#rate.maxBitrateBps;
    this.#rate = rate;
    this.#sender.bitrateBps = Math.min(this.#streamBps, rate.maxBitrateBps);
    if (isChanged) this.#options.onRate?.(rate);
  }

  /** What waits is not sent any more. */
  clear(): void {
    this.#sender.clear();
  }

  #limit(limit: BitrateLimit, nowMs: number): void {
    if (limit.means === 'remb') this.#control.requested(limit, nowMs, REMB_LASTS_MS);
    else if (!this.#terms.feedback.tmmbr) return;
    else {
      this.#control.requested(limit, nowMs);
      this.#options.sendFeedback(buildTmmbn(this.out.ssrc, limit));
    }
    this.pace(nowMs);
  }
}

/** Other codecs have no modes, and their payloads may look like aggregates. */
function takesSingleNalsOnly({ codec, limits }: SendTerms): boolean {
  return codec === 'h264' && limits.packetizationMode === 0;
}
