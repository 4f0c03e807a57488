/** Keys in the order of their event codes; RFC 4733 §3.2. */
const KEYS = '0123456789*#ABCD';

interface Heard {
  readonly ssrc: number;
  readonly event: number;
  readonly timestamp: number;
  durationUnits: number;
}

/**
 * Reads keys out of the telephone events of one RTP stream, RFC 4733 §2.3. A key
 * is told once, at its first packet: those that follow repeat it, lest it be lost.
 */
export class DigitReader {
  readonly #payloadType: number;
  readonly #onDigit: (digit: string) => void;
  #last: Heard | undefined;

  constructor(payloadType: number, onDigit: (digit: string) => void) {
    this.#payloadType = payloadType;
    this.#onDigit = onDigit;
  }

  /** True when the packet was an event and is no sound. */
  read(packet: {
    readonly payloadType: number;
    readonly ssrc: number;
    readonly timestamp: number;
    readonly payload: Buffer;
  }): boolean {
    if (packet.payloadType !== this.#payloadType) return false;
    if (packet.payload.length < 4) return true;
    const { ssrc, timestamp, payload } = packet;
    const event = payload.readUInt8(0);
    this.#take({ ssrc, event, timestamp, durationUnits: payload.readUInt16BE(2) });
    return true;
  }

  #take(heard: Heard): void {
    const last = this.#last;
    if (last && last.ssrc === heard.ssrc) {
      const aheadUnits = (heard.timestamp - last.timestamp) | 0;
      if (aheadUnits < 0) return; // overtaken by the next key
      if (aheadUnits === 0) {
        last.durationUnits = Math.max(last.durationUnits, heard.durationUnits);
        return;
      }
      if (isContinued(last, heard, aheadUnits)) {
        this.#last = heard;
        return;
      }
    }
    this.#last = heard;
    const key = KEYS[heard.event];
    if (key !== undefined) this.#onDigit(key);
  }
}

/** A key held longer than 2^16 units goes on in a new segment, which begins where the last one ended; RFC 4733 §2.5.1.3. */
function isContinued(last: Heard, heard: Heard, aheadUnits: number): boolean {
  return last.event === heard.event && last.durationUnits > 0xff00 && aheadUnits <= 0xffff;
}
