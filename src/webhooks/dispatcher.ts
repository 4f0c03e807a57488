/**
 * Tells webhooks of events: each message is stored before it is sent, sent until it is taken, and
 * given up after a day. Each address has its own turn, so that a slow one delays no other.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { WebhookEvent } from '../contract/jobs.ts';
import type { Delivery, Seal, Send, Webhook, WebhookStore } from './ports.ts';
import { signedHeaders } from './sign.ts';

export interface DispatcherDeps {
  readonly store: WebhookStore;
  readonly seal: Seal;
  readonly send: Send;
  readonly now: () => number;
  readonly log: Logger;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** From each try to the next; the last again and again. */
const RETRY_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
] as const;
const LAST_RETRY_MS = 4 * HOUR_MS;
const GIVE_UP_MS = 24 * HOUR_MS;
/** A receiver that is away for a day must not fill the disk. */
const MAX_WAITING = 10_000;
/** How often the store is looked at although nothing should be due. */
const LOOK_MS = MINUTE_MS;

export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #stop = new AbortController();
  /** Addresses that are being told something now. */
  readonly #busy = new Map<string, Promise<void>>();
  #hooks: readonly Webhook[] = [];
  #waiting = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /** Goes on with what waits from before. @throws GatewayError `store-unavailable` */
  async open(): Promise<void> {
    await this.reload();
    await this.#look();
  }

  /** Webhooks were changed. @throws GatewayError `store-unavailable` */
  async reload(): Promise<void> {
    this.#hooks = await this.#deps.store.listWebhooks();
    this.#waiting = new Map(await this.#deps.store.waiting());
  }

  /** Tells everybody who wants to know of it. Returns at once; `saved` says when it is stored. */
  tell(event: WebhookEvent, data: Readonly<Record<string, unknown>>): void {
    const nowMs = this.#deps.now();
    const body = JSON.stringify({ type: event, timestamp: new Date(nowMs).toISOString(), data });
    const deliveries = this.#hooks
      .filter(hook => hook.enabled && hook.events.includes(event))
      .filter(hook => this.#hasRoom(hook))
      .map((hook): Delivery => {
        const id = this.#newId(nowMs);
        const times = { createdAtMs: nowMs, nextAtMs: nowMs, attempts: 0 };
        return { id, webhookId: hook.id, body, ...times };
      });
    if (deliveries.length === 0 || this.#stop.signal.aborted) return;
    this.#saving = this.#saving
      .then(() => this.#deps.store.addDeliveries(deliveries))
      .then(() => this.#look())
      .catch(err => this.#deps.log.error({ err, event }, 'webhooks not told'));
  }

  /** Everything that was told so far is stored. */
  saved(): Promise<void> {
    return this.#saving;
  }

  /** Stops sending; what was not taken is sent after the next start. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('shutdown'));
    clearTimeout(this.#timer);
    await this.#saving;
    await Promise.all(this.#busy.values());
  }

  /** Ids sort in the order in which they were made, which is the order of sending. */
  #newId(nowMs: number): string {
    this.#count = (this.#count + 1) % 36 ** 4;
    const count = this.#count.toString(36).padStart(4, '0');
    return `msg_${nowMs.toString(36)}${count}${randomBytes(8).toString('hex')}`;
  }

  #hasRoom({ id, name }: Webhook): boolean {
    const waiting = this.#waiting.get(id) ?? 0;
    if (waiting === MAX_WAITING) this.#deps.log.warn({ webhook: name }, 'webhook is full');
    if (waiting >= MAX_WAITING) return false;
    this.#waiting.set(id, waiting + 1);
    return true;
  }

  /** Begins with every address for which something is due, and sets the clock for the rest. */
  async #look(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    for (const hook of this.#hooks) if (hook.enabled) this.#begin(hook);
    const dueMs = await this.#deps.store.nextDueMs();
    this.#lookIn(dueMs === undefined ? LOOK_MS : dueMs - this.#deps.now());
  }

  #lookIn(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    const waitMs = Math.min(LOOK_MS, Math.max(SECOND_MS, delayMs));
    this.#timer = setTimeout(() => {
      this.#look().catch(err => {
        this.#deps.log.error({ err }, 'webhooks not looked after');
        this.#lookIn(LOOK_MS);
      });
    }, waitMs);
    this.#timer.unref();
  }

  #begin(hook: Webhook): void {
    if (this.#busy.has(hook.id)) return;
    const working = this.#work(hook)
      .catch(err => this.#deps.log.error({ err, webhook: hook.name }, 'webhook not told'))
      .finally(() => this.#busy.delete(hook.id));
    this.#busy.set(hook.id, working);
  }

  /** Everything that is due for one address, one after another. */
  async #work({ id }: Webhook): Promise<void> {
    const { store, now } = this.#deps;
    for (;;) {
      const hook = this.#hooks.find(one => one.id === id);
      if (!hook?.enabled || this.#stop.signal.aborted) return;
      const delivery = await store.dueDelivery(id, now());
      if (!delivery) return;
      await this.#deliver(hook, delivery);
    }
  }

  async #deliver(hook: Webhook, delivery: Delivery): Promise<void> {
    const { store, seal, send, now, log } = this.#deps;
    const { signal } = this.#stop;
    const secret = seal.open(hook.sealedSecret, hook.id);
    const sent = secret
      ? await send(hook.url, signedHeaders(delivery, secret, now()), delivery.body, signal)
      : { ok: false, detail: 'its secret cannot be read: the key has changed; make it anew' };
    if (signal.aborted && !sent.ok) return;
    const outcome = { atMs: now(), ...sent };
    const attempts = delivery.attempts + 1;
    const nextAtMs = outcome.atMs + (RETRY_MS[attempts - 1] ?? LAST_RETRY_MS);
    const isGivenUp = !sent.ok && nextAtMs > delivery.createdAtMs + GIVE_UP_MS;
    if (sent.ok || isGivenUp) {
      await store.settleDelivery(delivery, outcome);
      this.#waiting.set(hook.id, Math.max(0, (this.#waiting.get(hook.id) ?? 1) - 1));
      if (isGivenUp)
        log.warn({ webhook: hook.name, detail: sent.detail }, 'webhook message given up');
    } else {
      await store.postponeDelivery(delivery, nextAtMs, outcome);
    }
  }
}
