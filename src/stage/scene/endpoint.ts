import { randomInt } from 'node:crypto';
import { FEED_PAYLOAD_TYPE, type StageOrder } from '../../contract/stage.ts';
import { nowMs } from '../clock.ts';
import { OutboundStream } from '../rtp/outbound-stream.ts';
import type { PortPair, PortPairs } from '../rtp/port-pairs.ts';
import { buildFir, buildPli, buildReport, parseRtcp } from '../rtp/rtcp.ts';
import { Picture } from './picture.ts';
import { RelayTrack } from './relay-track.ts';
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
  readonly terms: EndpointTerms;
  /** Ports and numbers of before a restart. */
  readonly resume?: StageOrder<'endpoint.add'>['resume'];
  /** The endpoint understands neither PLI nor FIR. */
  readonly onKeyframeNeeded: () => void;
  readonly onShowing: (shownId: string | null) => void;
}

/** Time between two requests, by their means: an INFO is a whole transaction, RFC 5168 §7. */
const MIN_KEYFRAME_INTERVAL_MS = { pli: 500, fir: 500, info: 1_000 } as const;

/** An endpoint on the stage: its camera, published as a feed; and the picture it is shown. */
export class Endpoint {
  readonly kind = 'endpoint' as const;
  readonly source: Source;
  readonly picture: Picture;
  readonly cname: string;
  readonly #options: EndpointOptions;
  readonly #endpointPair: PortPair;
  readonly #feedPair: PortPair;
  readonly #feed: OutboundStream;
  readonly #feedTrack: RelayTrack;
  readonly #out: OutboundStream;
  #terms: EndpointTerms;
  #endpointAddress: Address | undefined;
  #feedAddress: Address | undefined;
  #firNumber = 0;

  private constructor(options: EndpointOptions, pairs: readonly [PortPair, PortPair]) {
    this.#options = options;
    this.#terms = options.terms;
    [this.#endpointPair, this.#feedPair] = pairs;
    this.cname = `diemcau-${options.id}`;
    this.#out = this.#newOut();
    this.#feed = this.#newFeed();
    this.picture = new Picture(this.#out, options.onShowing);
    this.source = new Source({
      id: options.id,
      isShowable: true,
      keyframeRate: {
        minIntervalMs: () => MIN_KEYFRAME_INTERVAL_MS[this.#terms.keyframe],
        burstAllowed: () => this.#terms.keyframe !== 'info',
      },
      askForKeyframe: () => this.#askForKeyframe(),
      onKeyframeRequest: () => this.picture.refresh(nowMs()),
      onReception: (block, atMs) => this.#out.reported(block, atMs),
    });
    this.#feedTrack = new RelayTrack(this.source, this.#feed);
    this.#endpointPair.listen(this.source);
    this.#feedPair.listen({
      onRtp: () => undefined, // nothing is sent to a feed
      onRtcp: data => this.#onFeedRtcp(data),
    });
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

  get maxFs(): number {
    return this.#terms.limits.maxFs;
  }

  /** Whether it is to be shown anything. */
  get receives(): boolean {
    return this.#terms.receives && this.#endpointAddress !== undefined;
  }

  /** What was sent to it, and what it says of that. */
  get sent() {
    return { packets: this.#out.packets, reception: this.#out.farReception };
  }

  /** Our ends of its two ways. */
  get ports() {
    const { rtpPort, rtcpPort } = this.#endpointPair;
    const feed = { rtpPort: this.#feedPair.rtpPort, rtcpPort: this.#feedPair.rtcpPort };
    return { endpoint: { rtpPort, rtcpPort }, feed: { ...feed, ssrc: this.#feed.ssrc } };
  }

  /** Where its two streams are, to go on there after a restart. */
  positions(atMs: number) {
    return { endpoint: this.#out.position(atMs), feed: this.#feed.position(atMs) };
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
    if (far.feed) this.#feedAddress = far.feed;
  }

  /** After a renegotiation both decoders may have begun anew. */
  update(terms: EndpointTerms): void {
    this.#terms = terms;
    this.#out.payloadType = terms.payloadType;
    this.#out.singleNalOnly = terms.limits.packetizationMode === 0;
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
    const sender = this.#out.senderInfo(atMs);
    if (sender || block) this.#sendRtcp(buildReport(this.#out.ssrc, this.cname, sender, block));
    const feedSender = this.#feed.senderInfo(atMs);
    if (this.#feedAddress && feedSender) {
      const report = buildReport(this.#feed.ssrc, this.cname, feedSender, undefined);
      this.#feedPair.sendRtcp(report, this.#feedAddress);
    }
  }

  close(): void {
    this.picture.blank();
    this.#feedTrack.close();
    this.#endpointPair.close();
    this.#feedPair.close();
  }

  #newOut(): OutboundStream {
    const { payloadType, limits } = this.#terms;
    const from = this.#options.resume?.endpoint;
    return new OutboundStream(payloadType, {
      ssrc: from?.ssrc ?? newSsrc(),
      from,
      singleNalOnly: limits.packetizationMode === 0,
      send: data => {
        if (this.#endpointAddress) this.#endpointPair.sendRtp(data, this.#endpointAddress);
      },
    });
  }

  #newFeed(): OutboundStream {
    const from = this.#options.resume?.feed;
    return new OutboundStream(FEED_PAYLOAD_TYPE, {
      ssrc: from?.ssrc ?? newSsrc(),
      from,
      singleNalOnly: false,
      send: data => {
        if (this.#feedAddress) this.#feedPair.sendRtp(data, this.#feedAddress);
      },
    });
  }

  /** Asks by its own means; false before its camera has sent anything. */
  #askForKeyframe(): boolean {
    const mediaSsrc = this.source.stream.ssrc;
    const { keyframe, sends } = this.#terms;
    if (!sends || mediaSsrc === undefined || !this.#endpointAddress) return false;
    if (keyframe === 'info') this.#options.onKeyframeNeeded();
    else if (keyframe === 'pli') this.#sendFeedback(buildPli(this.#out.ssrc, mediaSsrc));
    else this.#sendFeedback(buildFir(this.#out.ssrc, mediaSsrc, ++this.#firNumber));
    return true;
  }

  /** RTCP goes as a compound that begins with a report; RFC 3550 §6.1. */
  #sendFeedback(feedback: Buffer): void {
    const report = buildReport(this.#out.ssrc, this.cname, undefined, undefined);
    this.#sendRtcp(Buffer.concat([report, feedback]));
  }

  #sendRtcp(data: Buffer): void {
    if (this.#endpointAddress) this.#endpointPair.sendRtcp(data, this.#endpointAddress);
  }

  #onFeedRtcp(data: Buffer): void {
    for (const item of parseRtcp(data)) {
      if (item.kind === 'keyframe-request') this.source.requestKeyframe();
      else if (item.kind === 'reception') this.#feed.reported(item.block, nowMs());
    }
  }
}

function newSsrc(): number {
  return randomInt(1, 2 ** 32 - 1);
}
