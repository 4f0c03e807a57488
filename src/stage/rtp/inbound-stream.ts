import { ClockMap } from './clock-map.ts';
import { type RtpPacket, seqDiff } from './packet.ts';
import type { VideoCodec } from './payload/access-unit.ts';
import { macroblocksOf, type PayloadFacts, type PictureSize } from './payload/facts.ts';
import { type Inspector, inspectorFor } from './payload/inspect.ts';
import { ReceptionReport } from './reception-report.ts';
import type { ReportBlock, SenderReport } from './rtcp.ts';
import { readSps, type SpsFacts } from './sps.ts';

/** A packet in order, with what its payload carries. */
export interface OrderedPacket extends RtpPacket {
  readonly facts: PayloadFacts;
  /** Grows with each new SSRC: numbers and times before and after have nothing in common. */
  readonly epoch: number;
}

export interface InboundListener {
  readonly onPacket: (packet: OrderedPacket) => void;
  /** Packets are missing for good, or a new SSRC began: decoding waits for a key frame. */
  readonly onBroken: () => void;
}

/** A hole is waited for this long. */
const REORDER_WAIT_MS = 40;
const MAX_WAITING = 64;
/** A jump further than this is a restart of the sender, not loss; RFC 3550 §A.1. */
const MAX_DROPOUT = 3000;
/** As is one back that is further than packets are ever late. */
const MAX_MISORDER = 100;
/** Another SSRC takes over when the first has been silent this long, or after this many packets in a row. */
const TAKE_OVER_SILENCE_MS = 300;
const TAKE_OVER_PACKETS = 10;
/** A restart of the same SSRC is believed at its second packet; RFC 3550 §A.1. */
const RESTART_PACKETS = 2;
const CLOCK_RATE_KHZ = 90;

/** One camera as it comes in: latched to an SSRC, put in order, counted for reports. */
export class InboundStream {
  readonly #listener: InboundListener;
  readonly #waiting = new Map<number, { packet: RtpPacket; sinceMs: number }>();
  /** Packets that would begin a new epoch, kept until that is believed. */
  #newcomers: RtpPacket[] = [];
  #ssrc: number | undefined;
  #epoch = 0;
  #expected = 0;
  #lastPacketMs: number | undefined;
  #packets = 0;
  #sps: Buffer | undefined;
  #pps: Buffer | undefined;
  #spsFacts: SpsFacts | undefined;
  #size: PictureSize | undefined;
  #inspect: Inspector;
  #report = new ReceptionReport(0);
  #clock = new ClockMap(CLOCK_RATE_KHZ);

  constructor(listener: InboundListener, codec: VideoCodec = 'h264') {
    this.#listener = listener;
    this.#inspect = inspectorFor(codec);
  }

  /** After a renegotiation: nothing that was known of the picture holds any longer. */
  setCodec(codec: VideoCodec): void {
    this.#inspect = inspectorFor(codec);
    this.#sps = undefined;
    this.#pps = undefined;
    this.#spsFacts = undefined;
    this.#size = undefined;
  }

  get ssrc(): number | undefined {
    return this.#ssrc;
  }

  get packets(): number {
    return this.#packets;
  }

  get lastPacketMs(): number | undefined {
    return this.#lastPacketMs;
  }

  /** The newest parameter sets, once both came. */
  get parameterSets(): { sps: Buffer; pps: Buffer } | undefined {
    return this.#sps && this.#pps ? { sps: this.#sps, pps: this.#pps } : undefined;
  }

  /** What the newest SPS says; H.264 alone. */
  get spsFacts(): SpsFacts | undefined {
    return this.#spsFacts;
  }

  /** Size of the picture, once it was told. */
  get size(): PictureSize | undefined {
    return this.#size;
  }

  /** Macroblocks per frame, once known. */
  get macroblocks(): number | undefined {
    if (this.#spsFacts) return this.#spsFacts.macroblocks;
    return this.#size && macroblocksOf(this.#size);
  }

  /** A packet off the wire. */
  receive(packet: RtpPacket, nowMs: number): void {
    if (!this.#continues(packet)) return this.#consider(packet, nowMs);
    if (this.#newcomers.length > 0) this.#newcomers = [];
    this.#take(packet, nowMs);
  }

  /** Gives up holes that were waited for long enough. */
  tick(nowMs: number): void {
    if (this.#waiting.size === 0) return;
    for (const { sinceMs } of this.#waiting.values()) {
      if (nowMs - sinceMs < REORDER_WAIT_MS) continue;
      this.#skipHole();
      return;
    }
  }

  /** A sender report of the camera came in. */
  senderReport({ ntpMiddle, ntpMs, rtpTimestamp }: SenderReport, nowMs: number): void {
    this.#report.senderReport(ntpMiddle, nowMs);
    this.#clock.reported(ntpMs, rtpTimestamp, nowMs);
  }

  /** When what has this timestamp was captured, on our clock. */
  captureMs(timestamp: number): number | undefined {
    return this.#clock.captureMs(timestamp);
  }

  /** Our report on it; undefined while nothing came. */
  reportBlock(nowMs: number): ReportBlock | undefined {
    return this.#ssrc === undefined ? undefined : this.#report.block(this.#ssrc, nowMs);
  }

  /** Share of packets lost on the way here, at the last report. */
  get lossRatio(): number {
    return this.#report.lossRatio;
  }

  /** Of the time between packets, in timestamp units; RFC 3550 §6.4.1. */
  get jitter(): number {
    return this.#report.jitter;
  }

  #continues(packet: RtpPacket): boolean {
    const ahead = seqDiff(packet.seq, this.#expected);
    return packet.ssrc === this.#ssrc && ahead <= MAX_DROPOUT && ahead >= -MAX_MISORDER;
  }

  /** Keeps a packet that does not continue the stream, until enough of its kind came to follow them. */
  #consider(packet: RtpPacket, nowMs: number): void {
    if (!this.#isSameKind(packet, this.#newcomers.at(-1))) this.#newcomers = [];
    this.#newcomers.push(packet);
    if (!this.#isBelieved(packet, nowMs)) return;
    const newcomers = this.#newcomers.splice(0);
    this.#restart(newcomers);
    for (const newcomer of newcomers) this.#take(newcomer, nowMs);
  }

  /** Of the same SSRC the very next, RFC 3550 §A.1: late packets come in numbers too. */
  #isSameKind({ ssrc, seq }: RtpPacket, previous: RtpPacket | undefined): boolean {
    if (previous?.ssrc !== ssrc) return false;
    const ahead = seqDiff(seq, previous.seq);
    return ssrc === this.#ssrc ? ahead === 1 : Math.abs(ahead) <= TAKE_OVER_PACKETS;
  }

  #isBelieved(packet: RtpPacket, nowMs: number): boolean {
    if (this.#lastPacketMs === undefined) return true;
    if (nowMs - this.#lastPacketMs >= TAKE_OVER_SILENCE_MS) return true;
    const needed = packet.ssrc === this.#ssrc ? RESTART_PACKETS : TAKE_OVER_PACKETS;
    return this.#newcomers.length >= needed;
  }

  #restart(newcomers: readonly RtpPacket[]): void {
    this.#waiting.clear();
    this.#epoch += 1;
    for (const [index, { seq, ssrc }] of newcomers.entries()) {
      this.#ssrc = ssrc;
      if (index === 0 || seqDiff(seq, this.#expected) < 0) this.#expected = seq;
    }
    this.#report = new ReceptionReport(this.#expected);
    this.#clock = new ClockMap(CLOCK_RATE_KHZ);
    this.#listener.onBroken();
  }

  #take(packet: RtpPacket, nowMs: number): void {
    this.#lastPacketMs = nowMs;
    this.#packets += 1;
    this.#report.received(packet, nowMs);
    this.#clock.received(packet.timestamp, nowMs);
    const ahead = seqDiff(packet.seq, this.#expected);
    if (ahead < 0) return; // a duplicate, or too late
    if (ahead === 0) this.#pass(packet);
    else if (!this.#waiting.has(packet.seq))
      this.#waiting.set(packet.seq, { packet, sinceMs: nowMs });
    if (this.#waiting.size === 0) return;
    this.#drain();
    if (this.#waiting.size > MAX_WAITING) this.#skipHole();
  }

  #drain(): void {
    for (;;) {
      const next = this.#waiting.get(this.#expected);
      if (!next) return;
      this.#waiting.delete(this.#expected);
      this.#pass(next.packet);
    }
  }

  #skipHole(): void {
    let nearest: number | undefined;
    for (const seq of this.#waiting.keys())
      if (nearest === undefined || seqDiff(seq, nearest) < 0) nearest = seq;
    if (nearest === undefined) return;
    this.#expected = nearest;
    this.#listener.onBroken();
    this.#drain();
  }

  #pass(packet: RtpPacket): void {
    this.#expected = (packet.seq + 1) & 0xffff;
    const facts = this.#inspect(packet.payload);
    if (facts.sps) this.#remember(facts.sps);
    if (facts.size) this.#size = facts.size;
    if (facts.pps) this.#pps = Buffer.from(facts.pps);
    this.#listener.onPacket({ ...packet, facts, epoch: this.#epoch });
  }

  #remember(sps: Buffer): void {
    if (this.#sps?.equals(sps)) return;
    this.#sps = Buffer.from(sps);
    this.#spsFacts = readSps(this.#sps);
  }
}
