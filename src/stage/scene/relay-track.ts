import { nowMs } from '../clock.ts';
import type { OrderedPacket } from '../rtp/inbound-stream.ts';
import type { OutboundStream } from '../rtp/outbound-stream.ts';
import type { Source } from './source.ts';

/**
 * Some encoders never send an IDR but refresh the picture bit by bit: after this
 * long their parameter sets are taken for a beginning. ITU-T H.264 §D.2.8.
 */
const IDR_PATIENCE_MS = 3_000;

/**
 * Carries one source on one outbound stream, beginning at a key frame, with the
 * parameter sets in front of each key frame that lacks them.
 */
export class RelayTrack {
  readonly source: Source;
  readonly #out: OutboundStream;
  readonly #undo: () => void;
  readonly #onStarted: () => void;
  readonly #accepts: () => boolean;
  #isRefused = false;
  #startedEpoch: number | undefined;
  #waitingSinceMs = nowMs();
  #parametersAt: number | undefined;

  /**
   * @param onStarted called at the first key frame: from here on this track owns the stream
   * @param accepts whether the receiver decodes what the source is known to send; asked at each
   *   key frame, which is not begun with otherwise, and with which the picture stands
   */
  constructor(
    source: Source,
    out: OutboundStream,
    onStarted: () => void = () => undefined,
    accepts: () => boolean = () => true,
  ) {
    this.source = source;
    this.#out = out;
    this.#onStarted = onStarted;
    this.#accepts = accepts;
    this.#undo = source.listen((packet, atMs) => this.#take(packet, atMs));
    source.requestKeyframe();
  }

  /** How long a key frame has been waited for; 0 when it runs. */
  waitedMs(atMs: number): number {
    return this.#startedEpoch === undefined ? atMs - this.#waitingSinceMs : 0;
  }

  close(): void {
    this.#undo();
  }

  #take(packet: OrderedPacket, atMs: number): void {
    const { facts, timestamp } = packet;
    if (facts.startsKeyframe || facts.sps) this.#isRefused = !this.#accepts();
    if (this.#isRefused) return;
    if (this.#startedEpoch !== packet.epoch && !this.#begins(packet, atMs)) return;
    if (facts.sps) this.#parametersAt = timestamp;
    const isBareKeyframe = facts.startsKeyframe && timestamp !== this.#parametersAt;
    const sets = isBareKeyframe ? this.source.stream.parameterSets : undefined;
    if (sets) {
      this.#parametersAt = timestamp;
      this.#out.insertBefore(this.source, packet, [sets.sps, sets.pps], atMs);
    }
    this.#out.forward(this.source, packet, atMs, {
      captureMs: this.source.stream.captureMs(timestamp),
      startsKeyframe: facts.startsKeyframe || facts.sps !== undefined,
    });
  }

  #begins({ facts, epoch }: OrderedPacket, atMs: number): boolean {
    const isPatient = atMs - this.#waitingSinceMs < IDR_PATIENCE_MS;
    if (!facts.startsKeyframe && (isPatient || !facts.sps)) return false;
    const isFirst = this.#startedEpoch === undefined;
    this.#startedEpoch = epoch;
    this.#parametersAt = undefined;
    if (isFirst) this.#onStarted();
    return true;
  }
}
