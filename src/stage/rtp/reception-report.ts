import { type RtpPacket, seqDiff } from './packet.ts';
import type { ReportBlock } from './rtcp.ts';

const CLOCK_RATE_HZ = 90_000;
/** A packet later than this says nothing of the jitter. */
const MAX_MISORDER = 100;

/** Counts what RFC 3550 §6.4.1 wants to know of one SSRC; §A.3, §A.8. */
export class ReceptionReport {
  readonly #baseSeq: number;
  #cycles = 0;
  #highest: number;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #transit: number | undefined;
  #jitter = 0;
  #fractionLost = 0;
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

  /** Share lost between the last two reports, 0 to 1. */
  get lossRatio(): number {
    return this.#fractionLost / 256;
  }

  /** In timestamp units. */
  get jitter(): number {
    return Math.round(this.#jitter);
  }

  /** Begins a new interval: what was lost is counted from the last call on. */
  block(ssrc: number, nowMs: number): ReportBlock {
    const highestSeq = this.#cycles * 0x10000 + this.#highest;
    const expected = highestSeq - this.#baseSeq + 1;
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    this.#fractionLost =
      expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0;
    const sinceMs = this.#lastReport ? nowMs - this.#lastReport.atMs : 0;
    return {
      ssrc,
      fractionLost: this.#fractionLost,
      totalLost: expected - this.#received,
      highestSeq,
      jitter: this.jitter,
      lastSenderReport: this.#lastReport?.ntpMiddle ?? 0,
      delaySinceSenderReport: Math.round((sinceMs * 65_536) / 1000),
    };
  }
}
