/** Timer values of RFC 3261 §17.1.1.1 and Table 4, in ms. */
export const T1_MS = 500;
export const T2_MS = 4_000;
export const T4_MS = 5_000;
/** Timers B, F, H, J, L, M and the wait for an ACK. */
export const TRANSACTION_TIMEOUT_MS = 64 * T1_MS;
/** Timer D, over UDP. */
export const TIMER_D_MS = 32_000;

/** A retransmission timer that doubles, to T2 at most where asked, until stopped. */
export class Retransmitter {
  readonly #send: () => void;
  readonly #maxIntervalMs: number;
  #intervalMs = T1_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: () => void, maxIntervalMs = Number.POSITIVE_INFINITY) {
    this.#send = send;
    this.#maxIntervalMs = maxIntervalMs;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.#send();
      this.#intervalMs = Math.min(this.#intervalMs * 2, this.#maxIntervalMs);
      this.#arm();
    }, this.#intervalMs);
  }
}
