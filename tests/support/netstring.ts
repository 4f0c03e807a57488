/** Netstrings as baresip's control port uses them: `<bytes>:<text>,`. */
export function encodeNetstring(text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from(`${body.length}:`), body, Buffer.from(',')]);
}

/** Takes complete netstrings off the front of a stream. */
export class NetstringReader {
  #rest = Buffer.alloc(0);

  /** The texts that became complete with this chunk. */
  push(chunk: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const texts: string[] = [];
    for (let text = this.#next(); text !== undefined; text = this.#next()) texts.push(text);
    return texts;
  }

  #next(): string | undefined {
    const colon = this.#rest.indexOf(':');
    if (colon < 0) return undefined;
    const length = Number(this.#rest.toString('latin1', 0, colon));
    const end = colon + 1 + length;
    if (!Number.isInteger(length)) throw new Error('not a netstring');
    if (this.#rest.length < end + 1) return undefined;
    const text = this.#rest.toString('utf8', colon + 1, end);
    this.#rest = this.#rest.subarray(end + 1);
    return text;
  }
}
