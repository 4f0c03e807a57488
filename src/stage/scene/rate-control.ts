/** Bit rates that are tried one after the other; the least still keeps a picture on a line of 256 kbit/s with sound. */
const RUNGS_BPS = [
  160_000, 256_000, 384_000, 512_000, 768_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000,
  4_000_000, 6_000_000, 8_000_000,
] as const;
const FLOOR_BPS = RUNGS_BPS[0];
/** A receiver that wants less is given this: it can say that it wants nothing by SDP. */
const LEAST_REQUESTED_BPS = 30_000;
/** What is sent may be far below the cap: then so many rungs are gone down at once, to have an effect. */
const MAX_RUNGS_DOWN = 3;
const BAD_LOSS = 0.15;
const POOR_LOSS = 0.05;
const GOOD_LOSS = 0.01;
/** The same from a queue on the way that fills before it overflows. */
const POOR_DELAY_MS = 400;
const GOOD_DELAY_MS = 150;
const GOOD_JITTER_MS = 150;
/** Reports on less are put together: one packet of four is no bad line. */
const MIN_PACKETS = 20;
const MIN_JUDGED_MS = 900;
/** Reports so soon after a step down are of the time before it. */
const SETTLE_MS = 2_000;
const UP_AFTER_MS = 25_000;
const MAX_UP_AFTER_MS = 300_000;
/** A step up that is taken back so soon has failed. */
const PROBATION_MS = 30_000;
/** What a receiver asks for by means that repeat themselves wavers: more than before has to last so long. */
const REQUEST_UP_AFTER_MS = 10_000;
/** Of the shortest round trip, towards a longer one, with each report: routes change. */
const ROUND_TRIP_YIELD = 0.01;
const USUAL_PACKET_BYTES = 1_200;

export interface RateCap {
  readonly maxBitrateBps: number;
  /** What was negotiated, what the receiver asked for in the call, or what its line takes. */
  readonly reason: 'negotiated' | 'requested' | 'loss';
}

/** How the receiver fared since its report before. */
export interface LineReport {
  readonly lossRatio: number;
  readonly packetsSent: number;
  readonly sentBps: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | undefined;
}

/** A limit the receiver asks for; RFC 5104 §4.2.1. */
export interface RequestedLimit {
  readonly bitrateBps: number;
  readonly overheadBytes: number;
}

/**
 * The most a receiver is sent. Loss takes it down at once, rung by rung; a time
 * without brings it up again, and each failed try makes that time longer.
 */
export class RateControl {
  #negotiatedBps: number;
  #requested: { readonly bitrateBps: number; readonly untilMs: number } | undefined;
  /** What it asks for beyond that, and since when. */
  #more: { readonly bitrateBps: number; readonly sinceMs: number } | undefined;
  /** Undefined while the line takes everything. */
  #lineBps: number | undefined;
  readonly #pending = { packets: 0, lost: 0 };
  #judgedMs: number | undefined;
  #poorInRow = 0;
  #goodSinceMs: number | undefined;
  #loweredMs = Number.NEGATIVE_INFINITY;
  #raisedMs: number | undefined;
  #upAfterMs = UP_AFTER_MS;
  #shortestRoundTripMs: number | undefined;

  constructor(negotiatedBps: number) {
    this.#negotiatedBps = negotiatedBps;
  }

  cap(nowMs: number): RateCap {
    const requestedBps = this.#requestedBps(nowMs);
    const lineBps = this.#lineBps ?? Number.POSITIVE_INFINITY;
    const maxBitrateBps = Math.min(this.#negotiatedBps, requestedBps, lineBps);
    if (maxBitrateBps === this.#negotiatedBps) return { maxBitrateBps, reason: 'negotiated' };
    return { maxBitrateBps, reason: maxBitrateBps === requestedBps ? 'requested' : 'loss' };
  }

  negotiated(bitrateBps: number): void {
    this.#negotiatedBps = bitrateBps;
  }

  /** Replaces what was asked for before. @param lastsMs for means that repeat themselves */
  requested(limit: RequestedLimit, nowMs: number, lastsMs = Number.POSITIVE_INFINITY): void {
    const share = USUAL_PACKET_BYTES / (USUAL_PACKET_BYTES + limit.overheadBytes);
    const bitrateBps = Math.max(LEAST_REQUESTED_BPS, Math.floor(limit.bitrateBps * share));
    const isRepeated = Number.isFinite(lastsMs);
    if (!isRepeated) this.#more = undefined;
    const steadyBps = isRepeated ? this.#steady(bitrateBps, nowMs) : bitrateBps;
    this.#requested = { bitrateBps: steadyBps, untilMs: nowMs + lastsMs };
  }

  /** Of what wavers: less than before at once, and of more the least that was asked for long enough. */
  #steady(bitrateBps: number, nowMs: number): number {
    const beforeBps = this.#requestedBps(nowMs);
    const { bitrateBps: askedBps, sinceMs } = this.#more ?? { bitrateBps, sinceMs: nowMs };
    const leastBps = Math.min(bitrateBps, askedBps);
    const isMore = bitrateBps > beforeBps;
    const hasLasted = nowMs - sinceMs >= REQUEST_UP_AFTER_MS;
    this.#more = isMore && !hasLasted ? { bitrateBps: leastBps, sinceMs } : undefined;
    if (!isMore) return bitrateBps;
    return hasLasted ? leastBps : beforeBps;
  }

  reported(report: LineReport, nowMs: number): void {
    const { packetsSent, lossRatio } = report;
    this.#pending.packets += packetsSent;
    this.#pending.lost += packetsSent * lossRatio;
    this.#judgedMs ??= nowMs - MIN_JUDGED_MS;
    if (this.#pending.packets < MIN_PACKETS || nowMs - this.#judgedMs < MIN_JUDGED_MS) return;
    this.#judge({ ...report, lossRatio: this.#pending.lost / this.#pending.packets }, nowMs);
    this.#pending.packets = 0;
    this.#pending.lost = 0;
    this.#judgedMs = nowMs;
  }

  #judge(report: LineReport, nowMs: number): void {
    if (this.#raisedMs !== undefined && nowMs - this.#raisedMs > PROBATION_MS) {
      this.#raisedMs = undefined;
      this.#upAfterMs = UP_AFTER_MS;
    }
    const delayMs = this.#delayMs(report.roundTripMs);
    const { lossRatio, jitterMs } = report;
    const isPoor = lossRatio > POOR_LOSS || delayMs > POOR_DELAY_MS;
    const isGood = lossRatio < GOOD_LOSS && delayMs < GOOD_DELAY_MS && jitterMs < GOOD_JITTER_MS;
    this.#poorInRow = isPoor ? this.#poorInRow + 1 : 0;
    if (lossRatio > BAD_LOSS || this.#poorInRow >= 2) this.#lower(report.sentBps, nowMs);
    this.#goodSinceMs = isGood ? (this.#goodSinceMs ?? nowMs) : undefined;
    const goodMs = nowMs - (this.#goodSinceMs ?? nowMs);
    if (this.#lineBps !== undefined && goodMs >= this.#upAfterMs) this.#raise(nowMs);
  }

  #lower(sentBps: number, nowMs: number): void {
    if (nowMs - this.#loweredMs < SETTLE_MS) return;
    this.#loweredMs = nowMs;
    this.#poorInRow = 0;
    if (this.#raisedMs !== undefined) {
      this.#raisedMs = undefined;
      this.#upAfterMs = Math.min(MAX_UP_AFTER_MS, this.#upAfterMs * 2);
    }
    const { maxBitrateBps } = this.cap(nowMs);
    const below = RUNGS_BPS.filter(rung => rung < maxBitrateBps);
    const furthest = below.at(-MAX_RUNGS_DOWN) ?? FLOOR_BPS;
    const fitting = below.findLast(rung => rung < sentBps) ?? FLOOR_BPS;
    this.#lineBps = Math.max(furthest, fitting);
  }

  #raise(nowMs: number): void {
    const lineBps = this.#lineBps ?? Number.POSITIVE_INFINITY;
    const next = RUNGS_BPS.find(rung => rung > lineBps);
    const mostBps = Math.min(this.#negotiatedBps, this.#requestedBps(nowMs));
    this.#lineBps = next !== undefined && next < mostBps ? next : undefined;
    this.#raisedMs = nowMs;
    this.#goodSinceMs = nowMs;
  }

  #requestedBps(nowMs: number): number {
    const isValid = this.#requested !== undefined && nowMs < this.#requested.untilMs;
    return isValid ? (this.#requested?.bitrateBps ?? 0) : Number.POSITIVE_INFINITY;
  }

  /** By how much the round trip is longer than it could be: what waits on the way. */
  #delayMs(roundTripMs: number | undefined): number {
    if (roundTripMs === undefined) return 0;
    const shortest = this.#shortestRoundTripMs ?? roundTripMs;
    const yielded = shortest + (roundTripMs - shortest) * ROUND_TRIP_YIELD;
    this.#shortestRoundTripMs = Math.min(roundTripMs, yielded);
    return roundTripMs - this.#shortestRoundTripMs;
  }
}
