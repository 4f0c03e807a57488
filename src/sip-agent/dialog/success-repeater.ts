import { Retransmitter, T2_MS, TRANSACTION_TIMEOUT_MS } from '../transaction/timers.ts';

/**
 * Repeats a 2xx to INVITE until its ACK comes, over any transport: only the
 * other end can acknowledge it. RFC 3261 §13.3.1.4.
 */
export class SuccessRepeater {
  readonly #retransmitter: Retransmitter;
  readonly #timer: NodeJS.Timeout;

  /** @param onGivenUp no ACK came in 64*T1 */
  constructor(repeat: () => void, onGivenUp: () => void) {
    this.#retransmitter = new Retransmitter(repeat, T2_MS);
    this.#timer = setTimeout(() => {
      this.#retransmitter.stop();
      onGivenUp();
    }, TRANSACTION_TIMEOUT_MS);
  }

  stop(): void {
    this.#retransmitter.stop();
    clearTimeout(this.#timer);
  }
}
