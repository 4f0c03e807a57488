/**
 * What was measured counts for so long. A camera's clock stands when it is on hold, and its pictures are
 * on the way for longer by that ever after; the same of its reports, of which few come.
 */
const PACKET_WINDOW_MS = 10_000;
const REPORT_WINDOW_MS = 30_000;
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
  readonly #packetWay = new ShortestWay(PACKET_WINDOW_MS);
  readonly #reportWay = new ShortestWay(REPORT_WINDOW_MS);
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

/** The least of what was measured in the last one to two windows. */
class ShortestWay {
  readonly #windowMs: number;
  #before: number | undefined;
  #current: { readonly sinceMs: number; readonly wayMs: number } | undefined;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get shortestMs(): number | undefined {
    if (!this.#current) return undefined;
    return Math.min(this.#current.wayMs, this.#before ?? Number.POSITIVE_INFINITY);
  }

  measured(wayMs: number, atMs: number): void {
    const shortestMs = this.shortestMs;
    if (shortestMs !== undefined && wayMs - shortestMs > MAX_JUMP_MS) this.#forget();
    const current = this.#current;
    if (!current || atMs - current.sinceMs > this.#windowMs) {
      this.#before = current?.wayMs;
      this.#current = { sinceMs: atMs, wayMs };
    } else if (wayMs < current.wayMs) this.#current = { ...current, wayMs };
  }

  #forget(): void {
    this.#before = undefined;
    this.#current = undefined;
  }
}
