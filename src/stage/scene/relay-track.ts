import type { OrderedPacket } from '../rtp/inbound-stream.ts';
import type { OutboundStream } from '../rtp/outbound-stream.ts';
import type { Source } from './source.ts';

/**
 * Carries one source on one outbound stream, beginning at a key frame, with the
 * parameter sets in front of each key frame that lacks them.
 */
export class RelayTrack {
  readonly #source: Source;
  readonly #out: OutboundStream;
  readonly #undo: () => void;
  readonly #onStarted: () => void;
  #startedEpoch: number | undefined;
  #parametersAt: number | undefined;

  /** @param onStarted called at the first key frame: from here on this track owns the stream */
  constructor(source: Source, out: OutboundStream, onStarted: () => void = () => undefined) {
    this.#source = source;
    this.#out = out;
    this.#onStarted = onStarted;
    this.#undo = source.listen((packet, nowMs) => this.#take(packet, nowMs));
    source.requestKeyframe();
  }

  get source(): Source {
    return this.#source;
  }

  close(): void {
    this.#undo();
  }

  #take(packet: OrderedPacket, nowMs: number): void {
    if (this.#startedEpoch !== packet.epoch) {
      if (!packet.facts.startsKeyframe) return;
      const isFirst = this.#startedEpoch === undefined;
      this.#startedEpoch = packet.epoch;
      if (isFirst) this.#onStarted();
    }
    if (packet.facts.sps) this.#parametersAt = packet.timestamp;
    const isBareIdr = packet.facts.startsKeyframe && packet.timestamp !== this.#parametersAt;
    const sets = isBareIdr ? this.#source.stream.parameterSets : undefined;
    if (sets) {
      this.#parametersAt = packet.timestamp;
      this.#out.insertBefore(this.#source, packet, [sets.sps, sets.pps], nowMs);
    }
    this.#out.forward(this.#source, packet, nowMs);
  }
}
