import { randomInt } from 'node:crypto';
import { FEED_PAYLOAD_TYPE, type StageParams } from '../../contract/stage.ts';
import type { Slate } from '../encode/slate.ts';
import { OutboundStream } from '../rtp/outbound-stream.ts';
import type { PortPair, PortPairs } from '../rtp/port-pairs.ts';
import { buildFir, buildPli, buildReport, parseRtcp } from '../rtp/rtcp.ts';
import { RelayTrack } from './relay-track.ts';
import { SlateTrack } from './slate-track.ts';
import { Source } from './source.ts';

interface Address {
  readonly host: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** What was negotiated, and changes with a re-INVITE. */
export type EndpointTerms = Omit<StageParams<'endpoint.update'>, 'sceneId' | 'participantId'>;

export interface EndpointOptions {
  readonly id: string;
  readonly terms: EndpointTerms;
  /** The endpoint understands neither PLI nor FIR. */
  readonly onKeyframeNeeded: () => void;
  readonly onShowing: (shownId: string | null) => void;
}

/** Least time between two requests, by their means: an INFO is a whole transaction, RFC 5168 §7. */
const MIN_KEYFRAME_INTERVAL_MS = { pli: 500, fir: 500, info: 1_000 } as const;

/** An endpoint on the stage: its camera, published as a feed; and the picture it is shown. */
export class Endpoint {
  readonly kind = 'endpoint' as const;
  readonly source: Source;
  readonly cname: string;
  readonly #options: EndpointOptions;
  readonly #endpointPair: PortPair;
  readonly #feedPair: PortPair;
  readonly #feed: OutboundStream;
  readonly #feedTrack: RelayTrack;
  readonly #picture: OutboundStream;
  #terms: EndpointTerms;
  #endpointAddress: Address | undefined;
  #feedAddress: Address | undefined;
  #showing: RelayTrack | SlateTrack | undefined;
  #coming: RelayTrack | undefined;
  #firNumber = 0;

  private constructor(options: EndpointOptions, source: Source, pairs: [PortPair, PortPair]) {
    this.#options = options;
    this.#terms = options.terms;
    this.source = source;
    [this.#endpointPair, this.#feedPair] = pairs;
    this.cname = `diemcau-${options.id}`;
    this.#feed = new OutboundStream(FEED_PAYLOAD_TYPE, {
      ssrc: newSsrc(),
      singleNalOnly: false,
      send: data => this.#feedAddress && this.#feedPair.sendRtp(data, this.#feedAddress),
    });
    this.#picture = new OutboundStream(options.terms.payloadType, {
      ssrc: newSsrc(),
      singleNalOnly: options.terms.limits.packetizationMode === 0,
      send: data =>
        this.#endpointAddress && this.#endpointPair.sendRtp(data, this.#endpointAddress),
    });
    this.#feedTrack = new RelayTrack(source, this.#feed);
  }

  /** Opens both port pairs; `close` frees them. @throws PortsExhausted */
  static async open(options: EndpointOptions, ports: PortPairs): Promise<Endpoint> {
    const opened: { endpoint?: Endpoint } = {};
    const source = new Source({
      id: options.id,
      isShowable: true,
      minKeyframeIntervalMs: MIN_KEYFRAME_INTERVAL_MS[options.terms.keyframe],
      askForKeyframe: () => opened.endpoint && opened.endpoint.#askForKeyframe(),
      onKeyframeRequest: () => opened.endpoint?.refreshPicture(),
    });
    const endpointPair = await ports.open(source);
    try {
      const feedPair = await ports.open({
        onRtp: () => undefined, // nothing is sent to a feed
        onRtcp: data => opened.endpoint && opened.endpoint.#onFeedRtcp(data),
      });
      opened.endpoint = new Endpoint(options, source, [endpointPair, feedPair]);
      return opened.endpoint;
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

  /** Whose picture it is shown; null is the slate, undefined nothing yet. */
  get shownId(): string | null | undefined {
    if (this.#showing instanceof RelayTrack) return this.#showing.source.id;
    return this.#showing === undefined ? undefined : null;
  }

  get packetsSent(): number {
    return this.#picture.packets;
  }

  /** Our ends of its two ways. */
  get ports() {
    const { rtpPort, rtcpPort } = this.#endpointPair;
    const feed = { rtpPort: this.#feedPair.rtpPort, rtcpPort: this.#feedPair.rtcpPort };
    return { endpoint: { rtpPort, rtcpPort }, feed: { ...feed, ssrc: this.#feed.ssrc } };
  }

  connect(far: {
    readonly endpoint?: Address | undefined;
    readonly feed?: Address | undefined;
  }): void {
    if (far.endpoint) this.#endpointAddress = far.endpoint;
    if (!far.feed) return;
    this.#feedAddress = far.feed;
    this.source.requestKeyframe();
  }

  update(terms: EndpointTerms): void {
    this.#terms = terms;
    this.#picture.payloadType = terms.payloadType;
    this.#picture.singleNalOnly = terms.limits.packetizationMode === 0;
    this.refreshPicture();
    this.source.requestKeyframe();
  }

  /** Shows a source as soon as its next key frame comes; until then what was shown goes on. */
  show(source: Source): void {
    if (this.#coming?.source === source) return;
    this.#coming?.close();
    this.#coming = undefined;
    if (this.shownId === source.id) return;
    const coming: RelayTrack = new RelayTrack(source, this.#picture, () => {
      this.#stopShowing();
      this.#showing = coming;
      this.#coming = undefined;
      this.#options.onShowing(source.id);
    });
    this.#coming = coming;
  }

  /** Shows the slate at once. */
  showSlate(slate: Slate, nowMs: number): void {
    this.#coming?.close();
    this.#coming = undefined;
    if (this.#showing instanceof SlateTrack) return;
    this.#stopShowing();
    this.#showing = new SlateTrack(slate, this.#picture, nowMs);
    this.#options.onShowing(null);
  }

  /** Shows nothing: it does not receive now. */
  blank(): void {
    this.#coming?.close();
    this.#coming = undefined;
    this.#stopShowing();
  }

  /** A source went away: it is not shown any more. */
  drop(source: Source): void {
    if (this.#coming?.source === source) {
      this.#coming.close();
      this.#coming = undefined;
    }
    if (this.#showing instanceof RelayTrack && this.#showing.source === source) this.#stopShowing();
  }

  /** The endpoint lost its picture: a key frame of what it is shown. */
  refreshPicture(): void {
    if (this.#showing instanceof RelayTrack) this.#showing.source.requestKeyframe();
    else this.#showing?.restart(Date.now());
  }

  tick(nowMs: number): void {
    this.source.tick(nowMs);
    if (this.#showing instanceof SlateTrack) this.#showing.tick(nowMs);
  }

  /** Sender and receiver reports, RFC 3550 §6.4. */
  report(nowMs: number): void {
    const { ssrc } = this.#picture;
    const block = this.source.stream.reportBlock(nowMs);
    const sender = this.#picture.senderInfo(nowMs);
    if (this.#endpointAddress && (sender || block))
      this.#sendRtcp(buildReport(ssrc, this.cname, sender, block));
    const feedSender = this.#feed.senderInfo(nowMs);
    if (this.#feedAddress && feedSender)
      this.#feedPair.sendRtcp(
        buildReport(this.#feed.ssrc, this.cname, feedSender, undefined),
        this.#feedAddress,
      );
  }

  close(): void {
    this.blank();
    this.#feedTrack.close();
    this.#endpointPair.close();
    this.#feedPair.close();
  }

  #stopShowing(): void {
    if (this.#showing instanceof RelayTrack) this.#showing.close();
    this.#showing = undefined;
  }

  #askForKeyframe(): void {
    const mediaSsrc = this.source.stream.ssrc;
    const { keyframe, sends } = this.#terms;
    if (!sends) return;
    if (keyframe === 'info') return this.#options.onKeyframeNeeded();
    if (mediaSsrc === undefined) return; // nothing came yet: it begins with a key frame anyway
    if (keyframe === 'pli')
      return this.#sendRtcp(this.#withReport(buildPli(this.#picture.ssrc, mediaSsrc)));
    this.#firNumber += 1;
    this.#sendRtcp(this.#withReport(buildFir(this.#picture.ssrc, mediaSsrc, this.#firNumber)));
  }

  /** RTCP goes as a compound that begins with a report; RFC 3550 §6.1. */
  #withReport(feedback: Buffer): Buffer {
    const report = buildReport(this.#picture.ssrc, this.cname, undefined, undefined);
    return Buffer.concat([report, feedback]);
  }

  #sendRtcp(data: Buffer): void {
    if (this.#endpointAddress) this.#endpointPair.sendRtcp(data, this.#endpointAddress);
  }

  #onFeedRtcp(data: Buffer): void {
    if (parseRtcp(data).some(item => item.kind === 'keyframe-request'))
      this.source.requestKeyframe();
  }
}

function newSsrc(): number {
  return randomInt(1, 2 ** 32 - 1);
}
