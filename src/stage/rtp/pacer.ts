import type { Paced, PaceTicker } from './pace-ticker.ts';

/** An average picture then takes 4/7 of its interval, and a larger one is soon caught up with. */
const HEADROOM = 1.75;
/** What may go at once after a pause: three packets of the usual size. */
const BURST_BYTES = 3_750;
/** The ticker may be late by this much before the rate suffers, which tells on wide lines only. */
const MAX_LATE_MS = 15;
const COMPACT_AT = 64;

export interface PacerOptions {
  readonly send: (packet: Buffer, nowMs: number, isRepeat: boolean) => void;
  readonly ticker: Pick<PaceTicker, 'add' | 'remove'>;
  /** Of the stream, not of the line. */
  readonly bitrateBps: number;
}

/** Spreads packets so that they do not burst into a narrow line; order is kept. */
export class Pacer implements Paced {
  readonly #options: PacerOptions;
  #queue: Buffer[] = [];
  /** Of the queue, sent already: cheaper than shifting. */
  #head = 0;
  readonly #repeats: Buffer[] = [];
  #queuedBytes = 0;
  #bytesPerMs = 0;
  #burstBytes = 0;
  /** What may go now; below 0 after a packet that was larger than that. */
  #creditBytes = 0;
  #creditedMs = 0;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.bitrateBps = options.bitrateBps;
  }

  /** Bit rate of the stream, average; it is sent faster than that by some headroom. */
  set bitrateBps(bitrateBps: number) {
    this.#bytesPerMs = (bitrateBps * HEADROOM) / 8_000;
    this.#burstBytes = Math.max(BURST_BYTES, this.#bytesPerMs * MAX_LATE_MS);
  }

  /** How long what is queued takes. */
  get waitMs(): number {
    return this.#queuedBytes / this.#bytesPerMs;
  }

  /** Sends a packet, now or when its turn comes. */
  push(packet: Buffer, nowMs: number): void {
    if (this.#queuedBytes === 0 && this.#mayGo(nowMs)) return this.#send(packet, nowMs, false);
    this.#queue.push(packet);
    this.#enqueued(packet);
  }

  /** Sends a packet once more, before all that waits. */
  repeat(packet: Buffer, nowMs: number): void {
    if (this.#repeats.length === 0 && this.#mayGo(nowMs)) return this.#send(packet, nowMs, true);
    this.#repeats.push(packet);
    this.#enqueued(packet);
  }

  tick(nowMs: number): boolean {
    while (this.#queuedBytes > 0 && this.#mayGo(nowMs)) {
      const repeat = this.#repeats.shift();
      const packet = repeat ?? this.#shift();
      if (!packet) break;
      this.#queuedBytes -= packet.length;
      this.#send(packet, nowMs, repeat !== undefined);
    }
    return this.#queuedBytes > 0;
  }

  /** What waits is not sent any more. */
  clear(): void {
    this.#queue = [];
    this.#head = 0;
    this.#repeats.length = 0;
    this.#queuedBytes = 0;
    this.#options.ticker.remove(this);
  }

  #mayGo(nowMs: number): boolean {
    const earned = Math.max(0, nowMs - this.#creditedMs) * this.#bytesPerMs;
    this.#creditBytes = Math.min(this.#burstBytes, this.#creditBytes + earned);
    this.#creditedMs = nowMs;
    return this.#creditBytes > 0;
  }

  #send(packet: Buffer, nowMs: number, isRepeat: boolean): void {
    this.#creditBytes -= packet.length;
    this.#options.send(packet, nowMs, isRepeat);
  }

  #enqueued(packet: Buffer): void {
    if (this.#queuedBytes === 0) this.#options.ticker.add(this);
    this.#queuedBytes += packet.length;
  }

  #shift(): Buffer | undefined {
    const packet = this.#queue[this.#head++];
    if (this.#head >= this.#queue.length || this.#head >= COMPACT_AT) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return packet;
  }
}
