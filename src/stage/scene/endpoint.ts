import { randomInt } from 'node:crypto';
import { FEED_PAYLOAD_TYPE, type StageOrder } from '../../contract/stage.ts';
import { nowMs } from '../clock.ts';
import { DelayLine } from '../rtp/delay-line.ts';
import { paceTicker } from '../rtp/pace-ticker.ts';
import type { PortPair, PortPairs } from '../rtp/port-pairs.ts';
import { buildFir, buildPli, buildReport } from '../rtp/rtcp.ts';
import { Feed } from './feed.ts';
import { Picture } from './picture.ts';
import type { RateCap } from './rate-control.ts';
import { SendPath } from './send-path.ts';
import { Source } from './source.ts';

interface Address {
  readonly host: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** What was negotiated, and changes with a re-INVITE. */
export type EndpointTerms = Omit<StageOrder<'endpoint.update'>, 'sceneId' | 'participantId'>;

export interface EndpointOptions {
  readonly id: string;
  readonly name: string;
  readonly terms: EndpointTerms;
  /** Ports and numbers of before a restart. */
  readonly resume?: StageOrder<'endpoint.add'>['resume'];
  /** The endpoint understands neither PLI nor FIR. */
  readonly onKeyframeNeeded: () => void;
  readonly onShowing: (shownId: string | null) => void;
  /** The most it may be sent has changed, by loss or because it asks. */
  readonly onRate?: (rate: RateCap) => void;
}

/** Time between two requests, by their means: an INFO is a whole transaction, RFC 5168 §7. */
const MIN_KEYFRAME_INTERVAL_MS = { pli: 500, fir: 500, info: 1_000 } as const;

/**
 * Sound takes longer than the picture: the AudioBridge holds four packets of each endpoint before it
 * mixes. Without this a hall saw lips move 96 ms (camera passed on) or 70 ms (composed) before it
 * heard them; tests/e2e/lip-sync.test.ts measures it. With 10 ms it was 45 to 92 ms, from
 * call to call, where a camera is passed on: too near to 80.
 */
const PICTURE_DELAY_MS = 40;

/** An endpoint on the stage: its camera, published as a feed; and the picture it is shown. */
export class Endpoint {
  readonly kind = 'endpoint' as const;
  readonly source: Source;
  readonly picture: Picture;
  /** Its camera for browsers: as it is, or made into H.264 by a canvas. */
  readonly feed: Feed;
  readonly isContent = false;
  readonly #options: EndpointOptions;
  readonly #endpointPair: PortPair;
  readonly #path: SendPath;
  readonly #delay: DelayLine;
  #terms: EndpointTerms;
  #endpointAddress: Address | undefined;
  #firNumber = 0;

  private constructor(options: EndpointOptions, pairs: readonly [PortPair, PortPair]) {
    this.#options = options;
    this.#terms = options.terms;
    const [endpointPair, feedPair] = pairs;
    this.#endpointPair = endpointPair;
    const cname = `diemcau-${options.id}`;
    const from = options.resume?.feed;
    this.feed = new Feed(feedPair, { cname, payloadType: FEED_PAYLOAD_TYPE, from });
    this.#delay = new DelayLine({
      delayMs: PICTURE_DELAY_MS,
      onDue: data => {
        if (this.#endpointAddress) endpointPair.sendRtp(data, this.#endpointAddress);
      },
      ticker: paceTicker,
    });
    this.#path = this.#newPath();
    this.picture = new Picture(this.#path.out, options.onShowing);
    this.source = new Source({
      id: options.id,
      codec: options.terms.codec,
      keyframeRate: {
        minIntervalMs: () => MIN_KEYFRAME_INTERVAL_MS[this.#terms.keyframe],
        burstAllowed: () => this.#terms.keyframe !== 'info',
      },
      askForKeyframe: () => this.#askForKeyframe(),
      onKeyframeRequest: () => this.picture.refresh(nowMs()),
      onReception: (block, atMs) => this.#path.reported(block, atMs),
      onFeedback: (item, atMs) => this.#path.feedback(item, atMs),
    });
    if (options.terms.codec === 'h264') this.feed.relay(this.source);
    endpointPair.listen(this.source);
  }

  /** Opens both port pairs; `close` frees them. @throws PortsExhausted */
  static async open(options: EndpointOptions, ports: PortPairs): Promise<Endpoint> {
    const { resume } = options;
    const endpointPair = await ports.open({ rtpPort: resume?.endpointRtpPort });
    try {
      const feedPair = await ports.open({ rtpPort: resume?.feedRtpPort });
      return new Endpoint(options, [endpointPair, feedPair]);
    } catch (err) {
      endpointPair.close();
      throw err;
    }
  }

  get id(): string {
    return this.#options.id;
  }

  get name(): string {
    return this.#options.name;
  }

  get terms(): EndpointTerms {
    return this.#terms;
  }

  /** Whether it is to be shown anything. */
  get receives(): boolean {
    return this.#terms.receives && this.#endpointAddress !== undefined;
  }

  /** The most it may be sent, and why. */
  get rate(): RateCap {
    return this.#path.rate;
  }

  /** What was sent to it, and what it says of that. */
  get sent() {
    const { packets, farReception } = this.#path.out;
    return { packets, reception: farReception };
  }

  /** Our ends of its two ways. */
  get ports() {
    const { rtpPort, rtcpPort } = this.#endpointPair;
    return { endpoint: { rtpPort, rtcpPort }, feed: this.feed.ports };
  }

  /** Where its two streams are, to go on there after a restart. */
  positions(atMs: number) {
    return { endpoint: this.#path.out.position(atMs), feed: this.feed.position(atMs) };
  }

  /** The far ends, as far as they changed. Who subscribes to the feed asks for a key frame itself. */
  connect(far: {
    readonly endpoint?: Address | undefined;
    readonly feed?: Address | undefined;
  }): void {
    if (far.endpoint) {
      this.#endpointAddress = far.endpoint;
      this.picture.refresh(nowMs());
    }
    if (far.feed) this.feed.connect(far.feed);
  }

  /** After a renegotiation both decoders may have begun anew. */
  update(terms: EndpointTerms): void {
    this.source.codec = terms.codec;
    if (terms.codec === 'h264') this.feed.relay(this.source);
    const isOtherFormat = !isSameFormat(terms, this.#terms);
    this.#terms = terms;
    this.#path.update(terms, nowMs());
    // What it is shown it understands no more, or wants no more.
    if (isOtherFormat || !terms.receives) this.picture.blank();
    if (isOtherFormat || !terms.receives) this.#stopSending();
    this.picture.refresh(nowMs());
    this.source.requestKeyframe();
  }

  tick(atMs: number): void {
    this.source.tick(atMs);
    this.picture.tick(atMs);
  }

  /** Sender and receiver reports, RFC 3550 §6.4. */
  report(atMs: number): void {
    const block = this.source.stream.reportBlock(atMs);
    const sender = this.#path.out.senderInfo(atMs);
    this.#path.pace(atMs);
    if (sender || block)
      this.#sendRtcp(buildReport(this.#path.out.ssrc, this.feed.cname, sender, block));
    this.feed.report(atMs);
  }

  /** What it is sent was encoded for this bit rate. */
  encodedFor(bitrateBps: number, atMs: number): void {
    this.#path.encodedFor(bitrateBps, atMs);
  }

  close(): void {
    this.picture.blank();
    this.feed.close();
    this.#stopSending();
    this.#endpointPair.close();
  }

  /** What waits is not sent any more. */
  #stopSending(): void {
    this.#path.clear();
    this.#delay.clear();
  }

  #newPath(): SendPath {
    const from = this.#options.resume?.endpoint;
    return new SendPath({
      ssrc: from?.ssrc ?? newSsrc(),
      from,
      terms: this.#terms,
      sendRtp: data => this.#delay.push(data, nowMs()),
      sendFeedback: feedback => this.#sendFeedback(feedback),
      onKeyframeNeeded: () => this.picture.refresh(nowMs()),
      onRate: this.#options.onRate,
    });
  }

  /** Asks by its own means; false before its camera has sent anything. */
  #askForKeyframe(): boolean {
    const mediaSsrc = this.source.stream.ssrc;
    const { keyframe, sends } = this.#terms;
    if (!sends || mediaSsrc === undefined || !this.#endpointAddress) return false;
    if (keyframe === 'info') this.#options.onKeyframeNeeded();
    else if (keyframe === 'pli') this.#sendFeedback(buildPli(this.#path.out.ssrc, mediaSsrc));
    else this.#sendFeedback(buildFir(this.#path.out.ssrc, mediaSsrc, ++this.#firNumber));
    return true;
  }

  /** RTCP goes as a compound that begins with a report; RFC 3550 §6.1. */
  #sendFeedback(feedback: Buffer): void {
    const report = buildReport(this.#path.out.ssrc, this.feed.cname, undefined, undefined);
    this.#sendRtcp(Buffer.concat([report, feedback]));
  }

  #sendRtcp(data: Buffer): void {
    if (this.#endpointAddress) this.#endpointPair.sendRtcp(data, this.#endpointAddress);
  }
}

function newSsrc(): number {
  return randomInt(1, 2 ** 32 - 1);
}

function isSameFormat(a: EndpointTerms, b: EndpointTerms): boolean {
  return a.codec === b.codec && a.limits.packetizationMode === b.limits.packetizationMode;
}
