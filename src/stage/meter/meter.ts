import { nowMs } from '../clock.ts';
import { parseRtp } from '../rtp/packet.ts';
import type { PortPair, PortPairs } from '../rtp/port-pairs.ts';
import { DigitReader } from './digits.ts';
import { createLevelMeter, type LevelMeter, type MeteredCodec } from './levels.ts';
import { TalkDetector } from './talk-detector.ts';

const QUIET_LOOK_MS = 200;

export interface MeterTerms {
  readonly codec: MeteredCodec;
  /** Of telephone events, when the endpoint sends keys that way. */
  readonly dtmfPayloadType?: number | undefined;
  /** The port of before a restart. */
  readonly resume?: { readonly rtpPort: number } | undefined;
}

export interface MeterEvents {
  readonly onTalking: (talking: boolean) => void;
  readonly onDigit: (digit: string) => void;
}

/**
 * Listens to a copy of one endpoint's sound and tells when it talks and which keys
 * it presses. The room server tells talk only of those who send levels with their
 * sound, which room devices do not.
 */
export class Meter {
  readonly #detector: TalkDetector;
  readonly #levels: LevelMeter;
  readonly #digits: DigitReader | undefined;
  #pair: PortPair | undefined;
  #lastPacketMs = 0;
  #lookedMs = 0;

  private constructor({ codec, dtmfPayloadType }: MeterTerms, tell: MeterEvents) {
    this.#detector = new TalkDetector(tell.onTalking);
    this.#levels = createLevelMeter(codec);
    if (dtmfPayloadType !== undefined)
      this.#digits = new DigitReader(dtmfPayloadType, tell.onDigit);
  }

  /** Opens its port pair; `close` frees it. @throws PortsExhausted */
  static async open(terms: MeterTerms, tell: MeterEvents, ports: PortPairs): Promise<Meter> {
    const meter = new Meter(terms, tell);
    try {
      meter.#pair = await ports.open({ rtpPort: terms.resume?.rtpPort });
      meter.#pair.listen({ onRtp: data => meter.#hear(data), onRtcp: () => undefined });
      return meter;
    } catch (err) {
      meter.close();
      throw err;
    }
  }

  get ports(): { readonly rtpPort: number; readonly rtcpPort: number } {
    return { rtpPort: this.#pair?.rtpPort ?? 0, rtcpPort: this.#pair?.rtcpPort ?? 0 };
  }

  tick(atMs: number): void {
    if (atMs - this.#lookedMs < QUIET_LOOK_MS) return;
    const sinceMs = atMs - Math.max(this.#lastPacketMs, this.#lookedMs);
    this.#lookedMs = atMs;
    if (sinceMs >= QUIET_LOOK_MS) this.#detector.quiet(sinceMs);
  }

  /** Safe to call twice. */
  close(): void {
    this.#pair?.close();
    this.#levels.close();
  }

  #hear(data: Buffer): void {
    const packet = parseRtp(data);
    if (!packet) return;
    this.#lastPacketMs = nowMs();
    if (this.#digits?.read(packet)) return;
    this.#detector.packet(this.#levels.level(packet.payload));
  }
}
