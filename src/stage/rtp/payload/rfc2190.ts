/** Payload header of H.263 by RFC 2190 §5, the old format of static payload type 34. */
export interface Rfc2190Payload {
  /** A: whole GOBs. B: from a macroblock on. C: the same with PB-frames. */
  readonly mode: 'A' | 'B' | 'C';
  /** Bits of the first byte of the body that belong to the packet before. */
  readonly sbit: number;
  /** Bits of the last byte of the body that belong to the packet after. */
  readonly ebit: number;
  /** SRC, I, U, S, A as in PTYPE. */
  readonly sourceFormat: number;
  readonly codingType: number;
  readonly unrestrictedMotion: number;
  readonly arithmeticCoding: number;
  readonly advancedPrediction: number;
  readonly hasPbFrames: boolean;
  readonly body: Buffer;
}

const HEADER_BYTES = { A: 4, B: 8, C: 12 } as const;

/** Undefined when the payload ends within the header or right behind it. */
export function readRfc2190(payload: Buffer): Rfc2190Payload | undefined {
  const [first = 0, second = 0] = payload;
  const mode = modeOf(first);
  const body = payload.subarray(HEADER_BYTES[mode]);
  if (body.length === 0) return undefined;
  const flags = mode === 'A' ? second >> 1 : (payload[4] ?? 0) >> 4; // I, U, S, A
  return {
    mode,
    sbit: (first >> 3) & 7,
    ebit: first & 7,
    sourceFormat: second >> 5,
    codingType: (flags >> 3) & 1,
    unrestrictedMotion: (flags >> 2) & 1,
    arithmeticCoding: (flags >> 1) & 1,
    advancedPrediction: flags & 1,
    hasPbFrames: (first & 0x40) !== 0 && mode !== 'B',
    body,
  };
}

function modeOf(first: number): Rfc2190Payload['mode'] {
  if ((first & 0x80) === 0) return 'A';
  return (first & 0x40) === 0 ? 'B' : 'C';
}
