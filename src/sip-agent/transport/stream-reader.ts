import { contentLength, endOfHead } from '../message/parse.ts';

export const MAX_HEAD_BYTES = 64 * 1024;
export const MAX_BODY_BYTES = 256 * 1024;

/** What a piece of the stream held. */
export type StreamItem =
  | { readonly kind: 'message'; readonly data: Buffer }
  /** Two line ends between messages, RFC 5626 §3.5.1: to be answered by one. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'broken'; readonly reason: string };

/** Cuts a TCP stream into messages by Content-Length, RFC 3261 §18.3. After `broken` it is of no use. */
export class StreamReader {
  #rest: Buffer = Buffer.alloc(0);
  #broken = false;

  /** Takes what was read; gives what is complete now. */
  push(chunk: Buffer): StreamItem[] {
    if (this.#broken) return [];
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const items: StreamItem[] = [];
    for (;;) {
      const item = this.#next();
      if (!item) return items;
      items.push(item);
      if (item.kind === 'broken') {
        this.#broken = true;
        return items;
      }
    }
  }

  #next(): StreamItem | undefined {
    const pings = this.#skipLineEnds();
    if (pings) return { kind: 'ping' };
    const end = endOfHead(this.#rest);
    if (end === undefined) {
      if (this.#rest.length <= MAX_HEAD_BYTES) return undefined;
      return { kind: 'broken', reason: 'headers too long' };
    }
    if (end > MAX_HEAD_BYTES) return { kind: 'broken', reason: 'headers too long' };
    const bodyLength = contentLength(this.#rest.toString('latin1', 0, end));
    if (!(bodyLength <= MAX_BODY_BYTES))
      return { kind: 'broken', reason: 'no usable Content-Length' };
    const length = end + bodyLength;
    if (this.#rest.length < length) return undefined;
    const data = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return { kind: 'message', data };
  }

  /** True when a double line end was skipped. */
  #skipLineEnds(): boolean {
    if (this.#rest.length >= 4 && this.#rest.toString('latin1', 0, 4) === '\r\n\r\n') {
      this.#rest = this.#rest.subarray(4);
      return true;
    }
    let skip = 0;
    // A lone line end may be half of a ping: it stays until more is known.
    while (this.#rest.length - skip > 4 && (this.#rest[skip] === 13 || this.#rest[skip] === 10))
      skip += 1;
    if (skip > 0) this.#rest = this.#rest.subarray(skip);
    return false;
  }
}
