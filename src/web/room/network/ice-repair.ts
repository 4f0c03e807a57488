/** Repairs one media connection: waits, then restarts ICE, then gives it up. */
import { ICE_STEP_MS, type IceStep, iceEventOf, nextIceStep } from './ice-steps.ts';

export interface IceRepairOptions {
  /** Finds new ways between browser and room server. */
  readonly restart: () => Promise<void>;
  /** Media does not get through, or does again. */
  readonly onTrouble: (isTroubled: boolean) => void;
  /** For good. */
  readonly onLost: () => void;
}

export class IceRepair {
  readonly #options: IceRepairOptions;
  #step: IceStep = 'well';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IceRepairOptions) {
    this.#options = options;
  }

  /** A state that the browser told, like `disconnected`. */
  heard(state: string): void {
    const event = iceEventOf(state);
    if (event) this.#go(nextIceStep(this.#step, event));
  }

  /** Media goes another way, which the room server has to be told of; a restart that runs does that. */
  moved(): void {
    if (this.#step === 'well' || this.#step === 'shaky') this.#restart();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#step = 'lost';
  }

  #go(step: IceStep): void {
    if (step === this.#step) return;
    this.#step = step;
    clearTimeout(this.#timer);
    const patienceMs = ICE_STEP_MS[step];
    if (patienceMs !== undefined)
      this.#timer = setTimeout(() => this.#go(nextIceStep(step, 'overdue')), patienceMs);
    if (step === 'lost') return this.#options.onLost();
    this.#options.onTrouble(step !== 'well');
    // What comes of a restart is told by the connection's states, or by nothing in time.
    if (step === 'restarting') this.#restart();
  }

  #restart(): void {
    void this.#options.restart().catch(() => undefined);
  }
}
