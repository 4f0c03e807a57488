/** Hands, the floor and the spotlight of each conference, so that a restart of an engine or of the gateway takes them from nobody. */
import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { WriteBehind } from '../util/write-behind.ts';
import { isPlain, type KeptOrder } from './kept-order.ts';
import { KEPT_MS, MAX_STAY_MS } from './passes.ts';
import type { OrderStore } from './ports.ts';

export interface KeptOrdersDeps {
  readonly store: OrderStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

interface Kept {
  readonly order: KeptOrder;
  /** Undefined while the conference runs. */
  readonly untilMs?: number;
}

export class KeptOrders {
  readonly #deps: KeptOrdersDeps;
  readonly #kept = new Map<ConferenceId, Kept>();
  readonly #behind: WriteBehind<OrderStore>;
  #isFrozen = false;

  /** With what held when the last gateway ended. @throws GatewayError `store-unavailable` */
  static async open(deps: KeptOrdersDeps): Promise<KeptOrders> {
    const orders = new KeptOrders(deps);
    const nowMs = deps.clock.now();
    for (const { conferenceId, order, savedAtMs } of await deps.store.listOrders()) {
      if (nowMs - savedAtMs < MAX_STAY_MS)
        orders.#kept.set(conferenceId, { order, untilMs: nowMs + KEPT_MS });
      else await deps.store.deleteOrder(conferenceId);
    }
    return orders;
  }

  private constructor(deps: KeptOrdersDeps) {
    this.#deps = deps;
    this.#behind = new WriteBehind(deps.store, deps.log, 'speaking order');
  }

  /** As it stands now in a conference that runs. */
  keep(id: ConferenceId, order: KeptOrder): void {
    if (this.#isFrozen) return;
    if (isPlain(order)) return this.forget(id);
    this.#kept.set(id, { order });
    const savedAtMs = this.#deps.clock.now();
    this.#behind.write(store => store.saveOrder({ conferenceId: id, order, savedAtMs }));
  }

  /** What held in a conference that begins again; undefined for one that was gone too long, or is new. */
  resume(id: ConferenceId): KeptOrder | undefined {
    const kept = this.#kept.get(id);
    if (!kept) return undefined;
    const { order, untilMs = Number.POSITIVE_INFINITY } = kept;
    if (untilMs >= this.#deps.clock.now()) return order;
    this.forget(id);
    return undefined;
  }

  /** Its rooms are gone, and people may come back. */
  interrupted(id: ConferenceId): void {
    const kept = this.#kept.get(id);
    const untilMs = this.#deps.clock.now() + KEPT_MS;
    if (kept) this.#kept.set(id, { ...kept, untilMs });
  }

  /** Over for good. */
  forget(id: ConferenceId): void {
    if (this.#isFrozen || !this.#kept.delete(id)) return;
    this.#behind.write(store => store.deleteOrder(id));
  }

  /** The gateway ends: that everybody leaves now changes nothing of what is kept. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Resolves when all is written. */
  close(): Promise<void> {
    return this.#behind.close();
  }
}
