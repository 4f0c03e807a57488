import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { clockOffsetMs } from '../clock.ts';
import { Composer, type ComposerEvents } from './composer.ts';
import { ComposingThread } from './thread.ts';

const WORKER_FILE = new URL('./worker.ts', import.meta.url);

export interface PoolOptions {
  /** Threads at most; each is started when a scene first needs it. */
  readonly threads: number;
  readonly log: Logger;
  /** Another kind of thread, for tests. */
  readonly start?: () => Worker;
}

/** Spreads scenes over composing threads, so that they use more than one core. */
export class ComposerPool {
  readonly #options: PoolOptions;
  readonly #threads: ComposingThread[] = [];
  #scenes = 0;
  #divisor = 1;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** A scene's place at the thread with the fewest; `close` gives it back. */
  open(events: ComposerEvents): Composer {
    this.#scenes += 1;
    return new Composer(`${this.#scenes}`, this.#leastBusy(), events);
  }

  /** All canvases compose only every nth picture. */
  thin(divisor: number): void {
    this.#divisor = divisor;
    for (const thread of this.#threads) thread.thin(divisor);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.close()));
  }

  #leastBusy(): ComposingThread {
    const idle = this.#threads.find(thread => thread.composers === 0);
    if (idle) return idle;
    if (this.#threads.length < this.#options.threads) {
      const { log, start = () => startWorker(log) } = this.#options;
      const thread = new ComposingThread(start, log);
      thread.thin(this.#divisor);
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((least, thread) =>
      thread.composers < least.composers ? thread : least,
    );
  }
}

function startWorker(log: Logger): Worker {
  const isDebugging = log.isLevelEnabled('debug');
  return new Worker(WORKER_FILE, { workerData: { isDebugging, clockOffsetMs } });
}
