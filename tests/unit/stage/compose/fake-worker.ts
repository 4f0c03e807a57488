import { EventEmitter } from 'node:events';
import type { FromWorker, ToWorker } from '../../../../src/stage/compose/protocol.ts';

/** A worker that keeps its orders, says what it is told to, and dies when it is to. */
export class FakeWorker extends EventEmitter {
  readonly orders: ToWorker[] = [];

  postMessage(order: ToWorker): void {
    this.orders.push(order);
    if (order.kind === 'end') this.die();
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
