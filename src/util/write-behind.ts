import type { Logger } from 'pino';
import { SerialQueue } from './serial-queue.ts';

/** Writes to a store in their order, behind what is known in memory already. */
export class WriteBehind<Store> {
  readonly #store: Store;
  readonly #onFailed: (err: unknown) => void;
  readonly #writes = new SerialQueue();

  /** @param what is written, for the log: what cannot be is only not known after a restart */
  constructor(store: Store, log: Logger, what: string) {
    this.#store = store;
    this.#onFailed = err => log.warn({ err }, `${what} not stored`);
  }

  write(act: (store: Store) => Promise<void>): void {
    this.#writes.run(() => act(this.#store)).catch(this.#onFailed);
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    await this.#writes.run(async () => undefined);
  }
}
