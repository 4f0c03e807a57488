import type { Admissible } from './outbound-stream.ts';
import { type PaceTicker, paceTicker } from './pace-ticker.ts';
import { Pacer } from './pacer.ts';
import { PictureGate } from './picture-gate.ts';
import { SendHistory } from './send-history.ts';

/** What is lost is not repeated into a line that is behind by this much: it has no room. */
const MAX_WAIT_FOR_REPEATS_MS = 200;

export interface PacedSenderOptions {
  /** Puts a packet on the wire. */
  readonly send: (packet: Buffer) => void;
  /** Pictures were given up, and there is room for a key frame now. */
  readonly onKeyframeNeeded: () => void;
  /** Of the stream. */
  readonly bitrateBps: number;
  /** Whether the receiver may ask for lost packets. */
  readonly repeats: boolean;
  readonly ticker?: Pick<PaceTicker, 'add' | 'remove'>;
}

/** Sends a stream no faster than its receiver's line takes it, and again what that lost. */
export class PacedSender {
  readonly #pacer: Pacer;
  readonly #gate: PictureGate;
  #history: SendHistory | undefined;

  constructor(options: PacedSenderOptions) {
    const { send, bitrateBps, ticker = paceTicker } = options;
    this.#gate = new PictureGate(options.onKeyframeNeeded);
    this.#pacer = new Pacer({
      ticker,
      bitrateBps,
      send: (packet, nowMs, isRepeat) => {
        if (!isRepeat) this.#history?.sent(packet, nowMs);
        send(packet);
      },
    });
    this.repeats = options.repeats;
  }

  set bitrateBps(bitrateBps: number) {
    this.#pacer.bitrateBps = bitrateBps;
  }

  set repeats(repeats: boolean) {
    this.#history = repeats ? (this.#history ?? new SendHistory()) : undefined;
  }

  admits(packet: Admissible, nowMs: number): boolean {
    const { timestamp, startsKeyframe } = packet;
    return this.#gate.admits({ timestamp, startsKeyframe, waitMs: this.#pacer.waitMs }, nowMs);
  }

  send(packet: Buffer, nowMs: number): void {
    this.#pacer.push(packet, nowMs);
  }

  /** The receiver lacks packets of these numbers. */
  lost(seqs: readonly number[], roundTripMs: number | undefined, nowMs: number): void {
    for (const seq of seqs) {
      if (this.#pacer.waitMs > MAX_WAIT_FOR_REPEATS_MS) return;
      const packet = this.#history?.repeat(seq, roundTripMs, nowMs);
      if (packet) this.#pacer.repeat(packet, nowMs);
    }
  }

  /** What waits is not sent any more. */
  clear(): void {
    this.#pacer.clear();
  }
}
