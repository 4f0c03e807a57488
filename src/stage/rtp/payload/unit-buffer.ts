/** A unit larger than this is none: it is thrown away. 4 MB is a 4K picture without any compression. */
export const MAX_UNIT_BYTES = 4 * 2 ** 20;

const SMALL_BYTES = 16 * 1024;
/** What a stream may keep between two pictures. */
const KEPT_BYTES = 512 * 1024;

/**
 * The bytes of a unit as they come together, and its bits where packets are cut
 * between bits. Datagrams are copied in at once: however many there are, no more
 * than the unit is kept.
 */
export class UnitBuffer {
  #data = Buffer.allocUnsafe(SMALL_BYTES);
  #bits = 0;
  #isOverfull = false;

  /** Bytes begun. */
  get length(): number {
    return (this.#bits + 7) >> 3;
  }

  get bitLength(): number {
    return this.#bits;
  }

  /** More came than a unit may have; what came after that is not in it. */
  get isOverfull(): boolean {
    return this.#isOverfull;
  }

  /** What is there so far, not a copy. */
  get bytes(): Buffer {
    return this.#data.subarray(0, this.length);
  }

  /** Adds bytes at the next whole byte. */
  append(bytes: Buffer): void {
    const at = this.length;
    if (!this.#reserve(at + bytes.length)) return;
    bytes.copy(this.#data, at);
    this.#bits = (at + bytes.length) * 8;
  }

  /** Fills the last byte with zeros: before a start code they mean nothing. */
  alignToByte(): void {
    this.#bits = this.length * 8;
  }

  /** Adds bits right after the last one, without the first `skip` and the last `drop` (0 to 7) of the bytes. */
  appendBits(bytes: Buffer, skip: number, drop: number): void {
    const count = bytes.length * 8 - skip - drop;
    if (count <= 0 || !this.#reserve((this.#bits + count + 7) >> 3)) return;
    if (this.#bits % 8 === skip) this.#appendInPhase(bytes, skip);
    else this.#appendShifted(bytes, skip, drop);
    this.#bits += count;
    this.#clearAfterEnd();
  }

  /** Forgets what is behind this many bytes. */
  truncate(length: number): void {
    this.#bits = Math.min(this.#bits, length * 8);
  }

  /** A copy of all that is there; the buffer begins anew. */
  take(): Buffer {
    const unit = Buffer.from(this.bytes);
    this.clear();
    return unit;
  }

  clear(): void {
    this.#bits = 0;
    this.#isOverfull = false;
    if (this.#data.length > KEPT_BYTES) this.#data = Buffer.allocUnsafe(SMALL_BYTES);
  }

  #reserve(length: number): boolean {
    if (length > MAX_UNIT_BYTES) this.#isOverfull = true;
    if (this.#isOverfull) return false;
    if (length <= this.#data.length) return true;
    const grown = Buffer.allocUnsafe(
      Math.min(MAX_UNIT_BYTES, Math.max(length, this.#data.length * 2)),
    );
    this.#data.copy(grown, 0, 0, this.length);
    this.#data = grown;
    return true;
  }

  /** The usual way: the packet begins in the byte in which the one before it ended. */
  #appendInPhase(bytes: Buffer, skip: number): void {
    const at = this.#bits >> 3;
    const head = skip === 0 ? 0 : (this.#data[at] ?? 0) & (0xff00 >> skip);
    bytes.copy(this.#data, at);
    this.#data[at] = head | ((bytes[0] ?? 0) & (0xff >> skip));
  }

  #appendShifted(bytes: Buffer, skip: number, drop: number): void {
    const end = bytes.length * 8 - drop;
    let to = this.#bits;
    for (let from = skip; from < end; ) {
      const room = Math.min(8 - (to & 7), 8 - (from & 7), end - from);
      const piece = ((bytes[from >> 3] ?? 0) >> (8 - (from & 7) - room)) & (0xff >> (8 - room));
      const kept = (to & 7) === 0 ? 0 : (this.#data[to >> 3] ?? 0) & (0xff00 >> (to & 7));
      this.#data[to >> 3] = kept | (piece << (8 - (to & 7) - room));
      to += room;
      from += room;
    }
  }

  #clearAfterEnd(): void {
    const inLast = this.#bits & 7;
    const last = this.#bits >> 3;
    if (inLast !== 0) this.#data[last] = (this.#data[last] ?? 0) & (0xff00 >> inLast);
  }
}
