/** How fast an estimate of the shortest way gives in: more than two clocks drift apart, in ms per ms. */
const YIELD = 0.0005;
/** A way that is so much longer at once is another clock. */
const MAX_JUMP_MS = 5_000;
/** A sender report that puts a capture further before the arrival is not believed. */
const MAX_WAY_MS = 5_000;
/** The same for one after the arrival, which only differences of the ways excuse. */
const MAX_EARLY_MS = 2_000;

/**
 * When a source's timestamps were captured, on our own clock.
 *
 * Sender reports say it on the source's clock (RFC 3550 §6.4.1); what lies
 * between the clocks is the shortest way a report took. Without reports that
 * are to be believed a picture counts as captured when it arrived, had it taken
 * the shortest way: then the source's own delay is not known.
 */
export class ClockMap {
  readonly #rateKhz: number;
  readonly #packetWay = new ShortestWay();
  readonly #reportWay = new ShortestWay();
  #report: { readonly ntpMs: number; readonly sourceMs: number } | undefined;
  #lastTimestamp: number | undefined;
  #lastSourceMs = 0;

  constructor(rateKhz: number) {
    this.#rateKhz = rateKhz;
  }

  /** A packet arrived; those of one picture may all be told. */
  received(timestamp: number, arrivedMs: number): void {
    const sourceMs = this.#sourceMs(timestamp);
    this.#lastTimestamp = timestamp;
    this.#lastSourceMs = sourceMs;
    this.#packetWay.measured(arrivedMs - sourceMs, arrivedMs);
  }

  /** @param ntpMs 0 when the source has no clock, RFC 3550 §6.4.1 */
  reported(ntpMs: number, timestamp: number, arrivedMs: number): void {
    if (ntpMs === 0) return;
    this.#reportWay.measured(arrivedMs - ntpMs, arrivedMs);
    this.#report = { ntpMs, sourceMs: this.#sourceMs(timestamp) };
  }

  /** Undefined until a packet arrived. */
  captureMs(timestamp: number): number | undefined {
    const { shortestMs } = this.#packetWay;
    if (shortestMs === undefined) return undefined;
    const sourceMs = this.#sourceMs(timestamp);
    const byArrival = sourceMs + shortestMs;
    const byReport = this.#byReport(sourceMs);
    if (byReport === undefined) return byArrival;
    const wayMs = byArrival - byReport;
    return wayMs > MAX_WAY_MS || wayMs < -MAX_EARLY_MS ? byArrival : Math.min(byReport, byArrival);
  }

  #byReport(sourceMs: number): number | undefined {
    const { shortestMs } = this.#reportWay;
    if (!this.#report || shortestMs === undefined) return undefined;
    return this.#report.ntpMs + (sourceMs - this.#report.sourceMs) + shortestMs;
  }

  /** The timestamp in ms, without its wrapping. */
  #sourceMs(timestamp: number): number {
    this.#lastTimestamp ??= timestamp;
    return this.#lastSourceMs + ((timestamp - this.#lastTimestamp) | 0) / this.#rateKhz;
  }
}

/** The least of what was measured lately. */
class ShortestWay {
  #shortestMs: number | undefined;
  #measuredMs = 0;

  get shortestMs(): number | undefined {
    return this.#shortestMs;
  }

  measured(wayMs: number, atMs: number): void {
    const yielded = (this.#shortestMs ?? wayMs) + (atMs - this.#measuredMs) * YIELD;
    this.#shortestMs = wayMs - yielded > MAX_JUMP_MS ? wayMs : Math.min(wayMs, yielded);
    this.#measuredMs = atMs;
  }
}
