/**
 * Bencode, the notation of the ng protocol: `d3:keyi1ee`. Lengths are bytes.
 * https://rtpengine.readthedocs.io/en/latest/ng_control_protocol.html
 */
export type Bencodable =
  | string
  | number
  | readonly Bencodable[]
  | { readonly [key: string]: Bencodable | undefined };

const INTEGER = /^-?\d{1,20}$/;
const NOT_ASCII = /[\u0080-\u00ff]/;
/** Deeper nesting than any reply of rtpengine has. */
const MAX_DEPTH = 32;

/** Numbers are cut to integers; keys whose value is undefined are left out. */
export function encode(value: Bencodable): Buffer {
  const parts: string[] = [];
  write(value, parts);
  return Buffer.from(parts.join(''));
}

/**
 * Reads one value; strings as UTF-8.
 *
 * @throws Error when it is not bencode, or when something follows it
 */
export function decode(data: Buffer): unknown {
  const reader = new Reader(data);
  const value = reader.value(0);
  if (!reader.atEnd) throw new Error('data after the end of the value');
  return value;
}

function write(value: Bencodable, parts: string[]): void {
  if (typeof value === 'string') parts.push(`${Buffer.byteLength(value)}:${value}`);
  else if (typeof value === 'number') parts.push(`i${Math.trunc(value)}e`);
  else if (isList(value)) writeList(value, parts);
  else writeDictionary(value, parts);
}

function isList(value: Bencodable): value is readonly Bencodable[] {
  return Array.isArray(value);
}

function writeList(values: readonly Bencodable[], parts: string[]): void {
  parts.push('l');
  for (const value of values) write(value, parts);
  parts.push('e');
}

function writeDictionary(
  dictionary: { readonly [key: string]: Bencodable | undefined },
  parts: string[],
): void {
  parts.push('d');
  for (const key of Object.keys(dictionary).sort()) {
    const value = dictionary[key];
    if (value === undefined) continue;
    write(key, parts);
    write(value, parts);
  }
  parts.push('e');
}

/** Written without `Buffer` calls for each value: rtpengine is asked a hundred times a second. */
class Reader {
  readonly #data: Buffer;
  /** One character for each byte. */
  readonly #text: string;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
    this.#text = data.toString('latin1');
  }

  get atEnd(): boolean {
    return this.#at === this.#data.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new Error('nested too deeply');
    switch (this.#peek()) {
      case 'i':
        return this.#integer();
      case 'l':
        return this.#list(depth);
      case 'd':
        return this.#dictionary(depth);
      default:
        return this.#string();
    }
  }

  #integer(): number {
    this.#at += 1;
    return this.#numberUntil('e');
  }

  #list(depth: number): unknown[] {
    const values: unknown[] = [];
    this.#at += 1;
    while (this.#peek() !== 'e') values.push(this.value(depth + 1));
    this.#at += 1;
    return values;
  }

  #dictionary(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at += 1;
    while (this.#peek() !== 'e') entries.push([this.#string(), this.value(depth + 1)]);
    this.#at += 1;
    return Object.fromEntries(entries);
  }

  #string(): string {
    const length = this.#numberUntil(':');
    const end = this.#at + length;
    if (length < 0 || end > this.#data.length) throw new Error('string longer than the data');
    const text = this.#text.slice(this.#at, end);
    const isPlain = !NOT_ASCII.test(text);
    const read = isPlain ? text : this.#data.toString('utf8', this.#at, end);
    this.#at = end;
    return read;
  }

  #numberUntil(mark: string): number {
    const end = this.#text.indexOf(mark, this.#at);
    const text = end < 0 ? '' : this.#text.slice(this.#at, end);
    if (!INTEGER.test(text)) throw new Error(`no number at byte ${this.#at}`);
    this.#at = end + 1;
    return Number(text);
  }

  #peek(): string {
    if (this.atEnd) throw new Error('ends too early');
    return this.#text.charAt(this.#at);
  }
}
