/** Where a stream was when the stage told last. */
export interface Position {
  readonly ssrc: number;
  readonly seq: number;
  readonly timestamp: number;
}

/**
 * More packets than a stream sends between two tellings, and far less than 2^15:
 * a receiver that sees numbers go back, or ahead by more than half their range,
 * counts its rollovers wrong and decrypts nothing any more; RFC 3711 §3.3.1.
 */
const SEQ_STEP = 2_000;
const VIDEO_CLOCK_KHZ = 90;

/** Where it may go on: certainly ahead of anything it has sent. */
export function advanced({ ssrc, seq, timestamp }: Position, elapsedMs: number) {
  return {
    ssrc,
    seq: (seq + SEQ_STEP) & 0xffff,
    timestamp: (timestamp + Math.round(elapsedMs * VIDEO_CLOCK_KHZ)) >>> 0,
  };
}
