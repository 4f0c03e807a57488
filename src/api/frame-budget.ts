/** How many frames one socket may send: counted in whole seconds. */
export class FrameBudget {
  readonly #perSec: number;
  readonly #nowMs: () => number;
  #second = 0;
  #count = 0;

  constructor(perSec: number, nowMs: () => number = Date.now) {
    this.#perSec = perSec;
    this.#nowMs = nowMs;
  }

  /** False when this second's frames are used up. */
  take(): boolean {
    const second = Math.floor(this.#nowMs() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#perSec;
  }
}
