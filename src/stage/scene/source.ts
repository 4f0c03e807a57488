import { nowMs } from '../clock.ts';
import { FU_A, nalType } from '../rtp/h264.ts';
import { InboundStream, type OrderedPacket } from '../rtp/inbound-stream.ts';
import { isRtcp, parseRtp } from '../rtp/packet.ts';
import type { VideoCodec } from '../rtp/payload/access-unit.ts';
import { parseRtcp, type ReportBlock } from '../rtp/rtcp.ts';
import type { FeedbackItem } from '../rtp/rtcp-feedback.ts';
import { type KeyframeRate, KeyframeRequester } from './keyframe-requester.ts';

/** A camera without RTP for this long is not shown to anybody. */
const LIVE_MS = 2_000;
const SECOND_MS = 1_000;
const MEAN_SECONDS = 4;

export type PacketListener = (packet: OrderedPacket, nowMs: number) => void;

export interface SourceOptions {
  readonly id: string;
  readonly codec: VideoCodec;
  readonly keyframeRate: KeyframeRate;
  /** Puts the request for a key frame on the wire; false when that is not possible yet. */
  readonly askForKeyframe: () => boolean;
  /** The peer asks for a key frame of what it is sent. */
  readonly onKeyframeRequest: () => void;
  /** How the peer receives what it is sent. */
  readonly onReception: (block: ReportBlock, nowMs: number) => void;
  /** What else it says of that. */
  readonly onFeedback?: (item: FeedbackItem, nowMs: number) => void;
}

/** A camera: what comes in on a port pair, put in order and handed to whoever shows it. */
export class Source {
  readonly id: string;
  readonly stream: InboundStream;
  readonly #options: SourceOptions;
  readonly #requester: KeyframeRequester;
  readonly #listeners = new Set<PacketListener>();
  #nowMs = 0;
  #codec: VideoCodec;
  #hasFragments = false;
  #octets = 0;
  #pictures = 0;
  #lastTimestamp: number | undefined;
  #second = { atMs: 0, octets: 0, pictures: 0, bitrateBps: 0, fps: 0 };
  /** Of the last few seconds, the newest first. */
  #bitratesBps: readonly number[] = [];

  constructor(options: SourceOptions) {
    this.id = options.id;
    this.#options = options;
    this.#codec = options.codec;
    this.#requester = new KeyframeRequester({
      ...options.keyframeRate,
      send: options.askForKeyframe,
    });
    this.stream = new InboundStream(
      {
        onPacket: packet => this.#hand(packet),
        onBroken: () => this.#listeners.size > 0 && this.requestKeyframe(),
      },
      options.codec,
    );
  }

  /** For the port pair's RTP socket; RTCP may be multiplexed on it. */
  readonly onRtp = (data: Buffer): void => {
    if (isRtcp(data)) return this.onRtcp(data);
    const packet = parseRtp(data);
    if (!packet) return;
    this.#nowMs = nowMs();
    this.#octets += packet.payload.length;
    this.stream.receive(packet, this.#nowMs);
  };

  readonly onRtcp = (data: Buffer): void => {
    for (const item of parseRtcp(data)) {
      if (item.kind === 'keyframe-request') this.#options.onKeyframeRequest();
      else if (item.kind === 'reception') this.#options.onReception(item.block, nowMs());
      else if (item.kind !== 'sender-report') this.#options.onFeedback?.(item, nowMs());
      else if (item.ssrc === this.stream.ssrc) this.stream.senderReport(item, nowMs());
    }
  };

  isLive(atMs: number): boolean {
    const { lastPacketMs } = this.stream;
    return lastPacketMs !== undefined && atMs - lastPacketMs < LIVE_MS;
  }

  get codec(): VideoCodec {
    return this.#codec;
  }

  /** After a renegotiation. */
  set codec(codec: VideoCodec) {
    if (codec === this.#codec) return;
    this.#codec = codec;
    this.#hasFragments = false;
    this.stream.setCodec(codec);
  }

  /** Whether NAL units came in fragments, which a receiver of packetization-mode 0 does not know. */
  get hasFragments(): boolean {
    return this.#hasFragments;
  }

  /** Over the last full second. */
  get bitrateBps(): number {
    return this.#second.bitrateBps;
  }

  /** Over the last few seconds: a key frame that was asked for does not count for much. */
  get meanBitrateBps(): number {
    const sum = this.#bitratesBps.reduce((total, each) => total + each, 0);
    return sum / Math.max(1, this.#bitratesBps.length);
  }

  /** Pictures in the last full second, by their timestamps; 0 before the first. */
  get fps(): number {
    return this.#second.fps;
  }

  requestKeyframe(): void {
    this.#requester.request(nowMs());
  }

  /** Returns its own undo. */
  listen(listener: PacketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tick(atMs: number): void {
    this.#nowMs = atMs;
    this.stream.tick(atMs);
    this.#requester.tick(atMs);
    this.#measure(atMs);
  }

  #measure(atMs: number): void {
    if (this.#second.atMs === 0) this.#second = { ...this.#second, atMs };
    const elapsedMs = atMs - this.#second.atMs;
    if (elapsedMs < SECOND_MS) return;
    const [octets, pictures] = [this.#octets, this.#pictures];
    const bitrateBps = Math.round(((octets - this.#second.octets) * 8_000) / elapsedMs);
    const fps = ((pictures - this.#second.pictures) * SECOND_MS) / elapsedMs;
    this.#second = { atMs, octets, pictures, bitrateBps, fps };
    this.#bitratesBps = [bitrateBps, ...this.#bitratesBps].slice(0, MEAN_SECONDS);
  }

  #hand(packet: OrderedPacket): void {
    if (packet.timestamp !== this.#lastTimestamp) this.#pictures += 1;
    this.#lastTimestamp = packet.timestamp;
    if (packet.facts.startsKeyframe) this.#requester.satisfied();
    if (this.#codec === 'h264' && nalType(packet.payload) === FU_A) this.#hasFragments = true;
    for (const listener of this.#listeners) listener(packet, this.#nowMs);
  }
}
