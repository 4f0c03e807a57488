/** A power of two, so that numbers that wrap find their place. */
const CAPACITY = 512;
/** What is older comes too late for any decoder. */
const MAX_AGE_MS = 1_000;
const MAX_REPEATS = 2;
/** Between two repeats of a packet while the round trip is not known. */
const UNKNOWN_ROUND_TRIP_MS = 100;
/** The least time between them: several NACKs may name the same packet. */
const MIN_ROUND_TRIP_MS = 10;
const SEQ_AT = 2;

/** The last packets of a stream, to be sent again to who lost them; RFC 4585 §6.2.1. */
export class SendHistory {
  readonly #packets: (Buffer | undefined)[] = Array(CAPACITY).fill(undefined);
  readonly #sentMs = new Float64Array(CAPACITY);
  readonly #repeatedMs = new Float64Array(CAPACITY);
  readonly #repeats = new Uint8Array(CAPACITY);

  /** Keeps a packet as it went out. It is held, not copied. */
  sent(packet: Buffer, nowMs: number): void {
    const place = packet.readUInt16BE(SEQ_AT) % CAPACITY;
    this.#packets[place] = packet;
    this.#sentMs[place] = nowMs;
    this.#repeats[place] = 0;
  }

  /** The packet of that number if it is to be sent once more now, which counts. */
  repeat(seq: number, roundTripMs: number | undefined, nowMs: number): Buffer | undefined {
    const place = seq % CAPACITY;
    const packet = this.#packets[place];
    if (packet?.readUInt16BE(SEQ_AT) !== seq) return undefined;
    if (nowMs - (this.#sentMs[place] ?? 0) > MAX_AGE_MS) return undefined;
    const repeats = this.#repeats[place] ?? 0;
    const apartMs = Math.max(MIN_ROUND_TRIP_MS, roundTripMs ?? UNKNOWN_ROUND_TRIP_MS);
    if (repeats >= MAX_REPEATS) return undefined;
    if (repeats > 0 && nowMs - (this.#repeatedMs[place] ?? 0) < apartMs) return undefined;
    this.#repeats[place] = repeats + 1;
    this.#repeatedMs[place] = nowMs;
    return packet;
  }
}
