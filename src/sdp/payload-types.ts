/** Which numbers the payloads of our offers have; RFC 3264 §8.3.2. */
import { coderOf } from './audio.ts';
import { isBaseline, readH264 } from './h264.ts';
import type { AudioName, OfferedCodec } from './types.ts';
import { videoCodecOf } from './video-codec.ts';

/** Our numbers where the peer has none yet; the relay's inner side uses the same. */
export const OFFER_PAYLOAD_TYPES = {
  opus: 111,
  g722: 9,
  pcma: 8,
  pcmu: 0,
  /** Digits beside coders of 8000 Hz, and beside Opus. */
  dtmf8000: 101,
  dtmf48000: 102,
  h264Mode1: 97,
  h264Mode0: 98,
  'h263-1998': 99,
  /** Static; RFC 3551 §6. */
  h263: 34,
} as const;

const FIRST_DYNAMIC = 96;
const LAST_DYNAMIC = 127;

/**
 * Numbers for one m-line. A number never changes its meaning within a session:
 * a payload that the peer has named keeps the peer's, others get one that is free.
 */
export class PayloadTypes {
  readonly #named: readonly OfferedCodec[];
  readonly #taken: Set<number>;

  /** @param line as the peer has it: payloads it named, and all numbers it uses */
  constructor(line: { readonly codecs: readonly OfferedCodec[]; readonly formats: string }) {
    this.#named = line.codecs;
    this.#taken = new Set(line.formats.split(' ').filter(Boolean).map(Number));
  }

  audio(codec: AudioName): number {
    return this.#numberOf(named => coderOf(named, [codec]) === codec, OFFER_PAYLOAD_TYPES[codec]);
  }

  dtmf(clockRateHz: 8000 | 48_000): number {
    return this.#numberOf(
      named => named.name === 'telephone-event' && named.clockRateHz === clockRateHz,
      OFFER_PAYLOAD_TYPES[`dtmf${clockRateHz}`],
    );
  }

  h264(mode: 0 | 1): number {
    const isSame = (named: OfferedCodec) => {
      const parameters = readH264(named.fmtp);
      return (
        named.name === 'h264' && parameters.packetizationMode === mode && isBaseline(parameters)
      );
    };
    return this.#numberOf(isSame, OFFER_PAYLOAD_TYPES[`h264Mode${mode}`]);
  }

  h263(codec: 'h263' | 'h263-1998'): number {
    const isSame = (named: OfferedCodec) => named.name === codec && videoCodecOf(named) === codec;
    return this.#numberOf(isSame, OFFER_PAYLOAD_TYPES[codec]);
  }

  #numberOf(isSame: (named: OfferedCodec) => boolean, wish: number): number {
    const named = this.#named.find(isSame);
    return named ? named.payloadType : this.#free(wish);
  }

  /** The wish if nobody has it, else the first free dynamic number; peers use a dozen of 32. */
  #free(wish: number): number {
    let candidate = wish;
    for (let next = FIRST_DYNAMIC; this.#taken.has(candidate) && next <= LAST_DYNAMIC; next++)
      candidate = next;
    this.#taken.add(candidate);
    return candidate;
  }
}
