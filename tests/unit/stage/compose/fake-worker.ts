import { EventEmitter } from 'node:events';
import type { FromWorker, ToWorker } from '../../../../src/stage/compose/protocol.ts';

/** A worker that keeps its orders, says what it is told to, and dies when it is to. */
export class FakeWorker extends EventEmitter {
  readonly orders: ToWorker[] = [];

  /** What the thread is told, several orders a message. */
  postMessage(orders: readonly ToWorker[]): void {
    this.orders.push(...orders);
    if (orders.some(({ kind }) => kind === 'end')) this.die();
  }

  say(message: FromWorker): void {
    this.emit('message', message);
  }

  die(): void {
    this.emit('exit', 0);
  }

  kinds(): string[] {
    return this.orders.map(({ kind }) => kind);
  }
}
