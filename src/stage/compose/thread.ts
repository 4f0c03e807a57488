import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { nowMs } from '../clock.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** Between the end of a thread and its next start. */
const RESTART_DELAY_MS = 500;

/** Who uses a thread: told what comes back, and when everything there is gone. */
export interface ThreadUser {
  readonly onMessage: (message: FromWorker) => void;
  /** The thread was started anew: what it held has to be opened again. */
  readonly onRestarted: () => void;
}

/**
 * Each message wakes a thread that sleeps, which costs more than what it says: pictures go
 * together, at whole multiples of this. Canvases are composed right after (`worker.ts`), so that
 * no picture is later for it.
 */
const BATCH_MS = 20;

/** A composing thread; one that breaks is started anew. `close` ends it. */
export class ComposingThread {
  readonly #start: () => Worker;
  readonly #log: Logger;
  readonly #users = new Set<ThreadUser>();
  /** What goes with the next message, in order. */
  readonly #waiting: ToWorker[] = [];
  readonly #waitingData: ArrayBuffer[] = [];
  #batch: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #divisor = 1;
  #isClosed = false;
  #lastId = 0;

  constructor(start: () => Worker, log: Logger) {
    this.#start = start;
    this.#log = log;
    this.#run();
  }

  /** Scenes that are composed here. */
  get composers(): number {
    return this.#users.size;
  }

  /** Of a canvas or a question, nobody else's at this thread. */
  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Returns its own undo. */
  join(user: ThreadUser): () => void {
    this.#users.add(user);
    return () => this.#users.delete(user);
  }

  /** What is sent while the thread is away is lost: `onRestarted` says so. */
  send(order: ToWorker): void {
    this.#waiting.push(order);
    this.#flush();
  }

  /** The same with a picture, whose memory it takes; within a few milliseconds, others with it. */
  sendPicture(order: Extract<ToWorker, { kind: 'source.picture' }>): void {
    this.#waiting.push(order);
    this.#waitingData.push(order.picture.data.buffer);
    this.#batch ??= setTimeout(() => this.#flush(), BATCH_MS - (nowMs() % BATCH_MS));
  }

  #flush(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    const [orders, data] = [this.#waiting.splice(0), this.#waitingData.splice(0)];
    this.#worker?.postMessage(orders, data);
  }

  thin(divisor: number): void {
    this.#divisor = divisor;
    this.send({ kind: 'thin', divisor });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (!worker) return;
    const ended = once(worker, 'exit');
    this.send({ kind: 'end' });
    await ended;
  }

  #run(): void {
    const worker = this.#start();
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'trouble') this.#log.error({ reason: message.reason }, message.what);
      for (const { onMessage } of this.#users) onMessage(message);
    });
    worker.on('error', err => this.#log.error({ err }, 'composing thread failed'));
    worker.on('exit', () => this.#ended());
    this.send({ kind: 'thin', divisor: this.#divisor });
  }

  #ended(): void {
    this.#worker = undefined;
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      if (this.#isClosed) return;
      this.#run();
      for (const { onRestarted } of this.#users) onRestarted();
    }, RESTART_DELAY_MS);
    timer.unref();
  }
}
