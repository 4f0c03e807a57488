import { inspectPayload, macroblocksOf, type PayloadFacts } from './h264.ts';
import { type RtpPacket, seqDiff } from './packet.ts';
import type { ReportBlock } from './rtcp.ts';

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
const MAX_MISORDER = 100;
/** A second SSRC takes over when the first has been silent this long, or after this many packets. */
const TAKE_OVER_SILENCE_MS = 300;
const TAKE_OVER_PACKETS = 10;
const CLOCK_RATE_HZ = 90_000;

/** One camera as it comes in: latched to an SSRC, put in order, counted for reports. */
export class InboundStream {
  readonly #listener: InboundListener;
  readonly #waiting = new Map<number, { packet: RtpPacket; sinceMs: number }>();
  #ssrc: number | undefined;
  #epoch = 0;
  #expected = 0;
  #rival: { ssrc: number; packets: number } | undefined;
  #lastPacketMs: number | undefined;
  #packets = 0;
  #sps: Buffer | undefined;
  #pps: Buffer | undefined;
  #macroblocks: number | undefined;
  #report = new ReceptionReport(0);

  constructor(listener: InboundListener) {
    this.#listener = listener;
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

  /** Macroblocks per frame, from the SPS. */
  get macroblocks(): number | undefined {
    return this.#macroblocks;
  }

  /** A packet off the wire. */
  receive(packet: RtpPacket, nowMs: number): void {
    if (packet.ssrc !== this.#ssrc && !this.#takesOver(packet, nowMs)) return;
    const ahead = seqDiff(packet.seq, this.#expected);
    if (ahead > MAX_DROPOUT || ahead < -MAX_DROPOUT) this.#restart(packet);
    this.#lastPacketMs = nowMs;
    this.#packets += 1;
    this.#report.received(packet, nowMs);
    const offset = seqDiff(packet.seq, this.#expected);
    if (offset < 0) return; // a duplicate, or too late
    if (offset === 0) this.#pass(packet);
    else this.#waiting.set(packet.seq, { packet, sinceMs: nowMs });
    this.#drain();
    if (this.#waiting.size > MAX_WAITING) this.#skipHole();
  }

  /** Gives up holes that were waited for long enough. */
  tick(nowMs: number): void {
    for (const { sinceMs } of this.#waiting.values()) {
      if (nowMs - sinceMs < REORDER_WAIT_MS) continue;
      this.#skipHole();
      return;
    }
  }

  /** A sender report of the camera came in. */
  senderReport(ntpMiddle: number, nowMs: number): void {
    this.#report.senderReport(ntpMiddle, nowMs);
  }

  /** Our report on it; undefined while nothing came. */
  reportBlock(nowMs: number): ReportBlock | undefined {
    return this.#ssrc === undefined ? undefined : this.#report.block(this.#ssrc, nowMs);
  }

  #takesOver(packet: RtpPacket, nowMs: number): boolean {
    const isFirst = this.#ssrc === undefined;
    if (!isFirst) {
      if (this.#rival?.ssrc !== packet.ssrc) this.#rival = { ssrc: packet.ssrc, packets: 0 };
      this.#rival.packets += 1;
      const silent = nowMs - (this.#lastPacketMs ?? 0) >= TAKE_OVER_SILENCE_MS;
      if (!silent && this.#rival.packets < TAKE_OVER_PACKETS) return false;
    }
    this.#rival = undefined;
    this.#ssrc = packet.ssrc;
    this.#restart(packet);
    return true;
  }

  #restart(packet: RtpPacket): void {
    this.#waiting.clear();
    this.#epoch += 1;
    this.#expected = packet.seq;
    this.#report = new ReceptionReport(packet.seq);
    this.#listener.onBroken();
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
    const facts = inspectPayload(packet.payload);
    if (facts.sps) this.#remember(facts.sps);
    if (facts.pps) this.#pps = Buffer.from(facts.pps);
    this.#listener.onPacket({ ...packet, facts, epoch: this.#epoch });
  }

  #remember(sps: Buffer): void {
    if (this.#sps?.equals(sps)) return;
    this.#sps = Buffer.from(sps);
    this.#macroblocks = macroblocksOf(this.#sps);
  }
}

/** Counts what RFC 3550 §6.4.1 wants to know of one SSRC; §A.3, §A.8. */
class ReceptionReport {
  readonly #baseSeq: number;
  #cycles = 0;
  #highest: number;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #transit: number | undefined;
  #jitter = 0;
  #lastReport: { ntpMiddle: number; atMs: number } | undefined;

  constructor(firstSeq: number) {
    this.#baseSeq = firstSeq;
    this.#highest = firstSeq;
  }

  received(packet: RtpPacket, nowMs: number): void {
    this.#received += 1;
    const ahead = seqDiff(packet.seq, this.#highest);
    if (ahead > 0) {
      if (packet.seq < this.#highest) this.#cycles += 1;
      this.#highest = packet.seq;
    }
    if (ahead < -MAX_MISORDER) return;
    const transit = (nowMs * CLOCK_RATE_HZ) / 1000 - packet.timestamp;
    if (this.#transit !== undefined) {
      const change = Math.abs(transit - this.#transit);
      if (change < CLOCK_RATE_HZ * 10) this.#jitter += (change - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  senderReport(ntpMiddle: number, nowMs: number): void {
    this.#lastReport = { ntpMiddle, atMs: nowMs };
  }

  block(ssrc: number, nowMs: number): ReportBlock {
    const highestSeq = this.#cycles * 0x10000 + this.#highest;
    const expected = highestSeq - this.#baseSeq + 1;
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    const sinceMs = this.#lastReport ? nowMs - this.#lastReport.atMs : 0;
    return {
      ssrc,
      fractionLost:
        expectedNow > 0 && lostNow > 0
          ? Math.min(255, Math.floor((lostNow * 256) / expectedNow))
          : 0,
      totalLost: expected - this.#received,
      highestSeq,
      jitter: Math.round(this.#jitter),
      lastSenderReport: this.#lastReport?.ntpMiddle ?? 0,
      delaySinceSenderReport: Math.round((sinceMs * 65_536) / 1000),
    };
  }
}
