import { contentLength, endOfHead } from '../message/parse.ts';

export const MAX_HEAD_BYTES = 32 * 1024;
export const MAX_BODY_BYTES = 64 * 1024;

/** What a piece of the stream held. */
export type StreamItem =
  | { readonly kind: 'message'; readonly data: Buffer }
  /** Two line ends between messages, RFC 5626 §3.5.1: to be answered by one. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'broken'; readonly reason: string };

const CR = 13;
const LF = 10;
const PING = Buffer.from('\r\n\r\n');
/** An empty line may lie across two pieces: so much is looked at again. */
const OVERLAP_BYTES = 3;

/** Cuts a TCP stream into messages by Content-Length, RFC 3261 §18.3. After `broken` it is of no use. */
export class StreamReader {
  #rest: Buffer = Buffer.alloc(0);
  /** Length of the message that is coming in, once its head is there. */
  #expected: number | undefined;
  #searchedTo = 0;
  #broken = false;

  /** Whether a message has begun and not ended. */
  get isInMessage(): boolean {
    return this.#expected !== undefined || this.#searchedTo > 0;
  }

  /** Takes what was read; gives what is complete now. */
  push(chunk: Buffer): StreamItem[] {
    if (this.#broken) return [];
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const items: StreamItem[] = [];
    for (let item = this.#next(); item; item = this.#next()) {
      items.push(item);
      if (item.kind === 'broken') break;
    }
    return items;
  }

  #next(): StreamItem | undefined {
    if (this.#expected === undefined) {
      if (!this.isInMessage && this.#skipLineEnds()) return { kind: 'ping' };
      if (!this.isInMessage && (this.#rest.length === 0 || isLineEnd(this.#rest[0])))
        return undefined;
      const problem = this.#readHead();
      if (problem) return this.#break(problem);
    }
    if (this.#expected === undefined || this.#rest.length < this.#expected) return undefined;
    const data = this.#take(this.#expected);
    this.#expected = undefined;
    this.#searchedTo = 0;
    return { kind: 'message', data };
  }

  /** Looks for the end of the head; says what is wrong with it, if anything. */
  #readHead(): string | undefined {
    const from = Math.max(0, this.#searchedTo - OVERLAP_BYTES);
    const end = endOfHead(this.#rest, from);
    this.#searchedTo = this.#rest.length;
    if ((end ?? this.#rest.length) > MAX_HEAD_BYTES) return 'headers too long';
    if (end === undefined) return undefined;
    const bodyLength = contentLength(this.#rest.toString('latin1', 0, end));
    if (!(bodyLength <= MAX_BODY_BYTES)) return 'no usable Content-Length';
    this.#expected = end + bodyLength;
    return undefined;
  }

  /** True when a double line end was taken off; a single one stays until more is known. */
  #skipLineEnds(): boolean {
    if (this.#rest.subarray(0, PING.length).equals(PING)) {
      this.#take(PING.length);
      return true;
    }
    let skip = 0;
    while (this.#rest.length - skip > PING.length && isLineEnd(this.#rest[skip])) skip += 1;
    this.#take(skip);
    return false;
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  #break(reason: string): StreamItem {
    this.#broken = true;
    this.#rest = Buffer.alloc(0);
    return { kind: 'broken', reason };
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === CR || byte === LF;
}
