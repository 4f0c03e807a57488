/** Frames of the application protocol: `<bytes>#<payload>`, no terminator. */

const MAX_LENGTH_DIGITS = 7;
const MAX_FRAME_BYTES = 1024 * 1024;

export function encodeFrame(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${payload.length}#`), payload]);
}

/** Cuts a stream into frames however TCP split it. Throws on a length that is none; the stream is then of no use. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    for (;;) {
      const frame = this.#next();
      if (!frame) return frames;
      frames.push(frame);
    }
  }

  #next(): Buffer | undefined {
    const hash = this.#rest.indexOf('#');
    const digits = this.#rest.toString('latin1', 0, hash < 0 ? this.#rest.length : hash);
    if (hash < 0 && digits === '') return undefined;
    if (!/^\d+$/.test(digits) || digits.length > MAX_LENGTH_DIGITS)
      throw new Error('bad length prefix');
    const length = Number(digits);
    if (length > MAX_FRAME_BYTES) throw new Error('frame too long');
    if (hash < 0) return undefined;
    const end = hash + 1 + length;
    if (this.#rest.length < end) return undefined;
    const frame = this.#rest.subarray(hash + 1, end);
    this.#rest = this.#rest.subarray(end);
    return frame;
  }
}

/** A frame's leader tokens and the message after it, if any. */
export interface Frame {
  readonly tokens: readonly string[];
  readonly message: Buffer;
}

export function splitFrame(payload: Buffer): Frame {
  const end = payload.indexOf('\r\n');
  const leader = payload.toString('utf8', 0, end < 0 ? payload.length : end);
  const message = end < 0 ? Buffer.alloc(0) : payload.subarray(end + 2);
  return { tokens: leader.split('|'), message };
}

export function joinFrame(tokens: readonly (string | number)[], message?: Buffer): Buffer {
  const leader = tokens.join('|');
  return message ? Buffer.concat([Buffer.from(`${leader}\r\n`), message]) : Buffer.from(leader);
}

let lastMs = Number.NaN;
let lastToken = '';

/** UTC `HH:MM:SS.uuuuuu`; written once for all frames of a millisecond. */
export function timeToken(nowMs = Date.now()): string {
  if (nowMs === lastMs) return lastToken;
  lastMs = nowMs;
  lastToken = `${new Date(nowMs).toISOString().slice(11, 23)}000`;
  return lastToken;
}
