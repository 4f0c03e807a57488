/**
 * A response must not share a TCP read with the OK of its request, or a client
 * that awaits the OK has no listener yet and loses the response for ever.
 */
export const GAP_AFTER_OK_MS = 5;

interface Held {
  readonly frame: Buffer;
  readonly dueMs: number;
}

/**
 * Frames on their way to one application, in order, with the gap after each OK.
 * What comes while one is held waits behind it: a BYE must not overtake the 200
 * that made its dialog.
 */
export class HeldFrames {
  readonly #write: (frame: Buffer) => void;
  readonly #dueByTransaction = new Map<string, number>();
  readonly #queue: Held[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (frame: Buffer) => void) {
    this.#write = write;
  }

  /** Frames that wait, and transactions whose gap is not over. */
  get size(): number {
    return this.#queue.length + this.#dueByTransaction.size;
  }

  /** The OK of this transaction's request was written just now. */
  holdBack(transactionId: string): void {
    this.#dueByTransaction.set(transactionId, Date.now() + GAP_AFTER_OK_MS);
    this.#arm();
  }

  push(transactionId: string, frame: Buffer): void {
    const dueMs = this.#dueByTransaction.get(transactionId);
    if (dueMs === undefined && this.#queue.length === 0) return this.#write(frame);
    this.#queue.push({ frame, dueMs: dueMs ?? 0 });
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue.length = 0;
    this.#dueByTransaction.clear();
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush(Date.now());
      if (this.#dueByTransaction.size > 0) this.#arm();
    }, GAP_AFTER_OK_MS);
  }

  #flush(nowMs: number): void {
    for (const [id, dueMs] of this.#dueByTransaction)
      if (dueMs <= nowMs) this.#dueByTransaction.delete(id);
    for (let head = this.#queue[0]; head && head.dueMs <= nowMs; head = this.#queue[0]) {
      this.#queue.shift();
      this.#write(head.frame);
    }
  }
}
