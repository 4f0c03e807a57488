import { randomInt } from 'node:crypto';
import type { StageOrder } from '../../contract/stage.ts';
import { nowMs } from '../clock.ts';
import { OutboundStream } from '../rtp/outbound-stream.ts';
import type { PortPair } from '../rtp/port-pairs.ts';
import { buildReport, parseRtcp } from '../rtp/rtcp.ts';
import { CanvasTrack } from './canvas-track.ts';
import { FeedGate } from './feed-gate.ts';
import { RelayTrack } from './relay-track.ts';
import type { SharedCanvas } from './shared-canvas.ts';
import type { Source } from './source.ts';

interface Address {
  readonly host: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

export interface FeedOptions {
  readonly cname: string;
  readonly payloadType: number;
  /** Where its numbers go on after a restart. */
  readonly from?: Position | undefined;
}

/** SSRC, number and time of a stream; RFC 3550 §5.1. */
type Position = NonNullable<StageOrder<'composed.add'>['resume']>['feed'];

/** A picture that is published to browsers: one stream with a fixed SSRC and payload type. */
export class Feed {
  readonly cname: string;
  readonly #pair: PortPair;
  readonly #out: OutboundStream;
  readonly #gate = new FeedGate();
  #track: RelayTrack | CanvasTrack | undefined;
  #to: Address | undefined;

  /** Takes the port pair; `close` closes it. */
  constructor(pair: PortPair, options: FeedOptions) {
    this.#pair = pair;
    this.cname = options.cname;
    this.#out = new OutboundStream(options.payloadType, {
      ssrc: options.from?.ssrc ?? randomInt(1, 2 ** 32 - 1),
      from: options.from,
      singleNalOnly: false,
      // What is composed for browsers is slow by itself while there is none.
      admits: (packet, atMs) =>
        !(this.#track instanceof RelayTrack) || this.#gate.admits(packet, atMs),
      send: data => {
        if (this.#to) pair.sendRtp(data, this.#to);
      },
    });
    pair.listen({
      onRtp: () => undefined, // nothing is sent to a feed
      onRtcp: data => this.#onRtcp(data),
    });
  }

  get ports() {
    const { rtpPort, rtcpPort } = this.#pair;
    return { rtpPort, rtcpPort, ssrc: this.#out.ssrc };
  }

  /** Where it is, to go on there after a restart. */
  position(atMs: number): Position {
    return this.#out.position(atMs);
  }

  /** Whether there is anybody to send to. */
  get isConnected(): boolean {
    return this.#to !== undefined;
  }

  connect(to: Address): void {
    this.#to = to;
  }

  /** Whether a browser may be looking: a camera rests else. */
  watch(isWatched: boolean): void {
    if (this.#gate.watch(isWatched, nowMs())) this.#refresh();
  }

  /** A camera as it is. */
  relay(source: Source): void {
    if (this.#track instanceof RelayTrack && this.#track.source === source) return;
    this.#track?.close();
    this.#track = new RelayTrack(source, this.#out);
  }

  /** A composed picture. */
  show(canvas: SharedCanvas): void {
    if (this.#track instanceof CanvasTrack && this.#track.canvas === canvas) return;
    this.#track?.close();
    this.#track = new CanvasTrack(canvas, this.#out, nowMs());
  }

  /** Sender report, RFC 3550 §6.4.1. */
  report(atMs: number): void {
    const sender = this.#out.senderInfo(atMs);
    if (!this.#to || !sender) return;
    this.#pair.sendRtcp(buildReport(this.#out.ssrc, this.cname, sender, undefined), this.#to);
  }

  close(): void {
    this.#track?.close();
    this.#pair.close();
  }

  #onRtcp(data: Buffer): void {
    for (const item of parseRtcp(data)) {
      if (item.kind === 'keyframe-request') this.#requested();
      else if (item.kind === 'reception') this.#out.reported(item.block, nowMs());
    }
  }

  #requested(): void {
    this.#gate.requested(nowMs());
    this.#refresh();
  }

  #refresh(): void {
    if (this.#track instanceof RelayTrack) this.#track.source.requestKeyframe();
    else this.#track?.canvas.requestKeyframe();
  }
}
