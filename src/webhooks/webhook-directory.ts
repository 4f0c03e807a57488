import { randomUUID } from 'node:crypto';
import type { WebhookInput, WebhookView } from '../contract/jobs.ts';
import type { Page } from '../contract/paging.ts';
import type { Principal } from '../domain/actor.ts';
import type { Seal, Webhook, WebhookChange, WebhookStore } from './ports.ts';
import { newSecret, secretText } from './sign.ts';

export interface WebhookDirectoryDeps {
  readonly store: WebhookStore;
  readonly seal: Seal;
  readonly now: () => number;
  /** Told after each change. */
  readonly onChange: () => Promise<void>;
}

export interface WebhookQuery {
  readonly q?: string | undefined;
  readonly sort: 'name' | '-name' | 'createdAtMs' | '-createdAtMs';
  readonly limit: number;
  readonly offset: number;
}

/** Webhooks as people see and change them. */
export class WebhookDirectory {
  readonly #deps: WebhookDirectoryDeps;

  constructor(deps: WebhookDirectoryDeps) {
    this.#deps = deps;
  }

  async list({ q, sort, limit, offset }: WebhookQuery): Promise<Page<WebhookView>> {
    const { store } = this.#deps;
    const [all, waiting] = await Promise.all([store.listWebhooks(), store.waiting()]);
    const words = q?.toLowerCase() ?? '';
    const fits = ({ name, url }: Webhook) => `${name} ${url}`.toLowerCase().includes(words);
    const fitting = all.filter(fits).sort((a, b) => ORDERS[sort](a, b));
    const items = fitting.slice(offset, offset + limit).map(one => view(one, waiting.get(one.id)));
    return { items, total: fitting.length };
  }

  /** With the secret that signs its messages, which is never shown again. */
  async create(
    by: Principal,
    input: WebhookInput,
  ): Promise<WebhookView & { readonly secret: string }> {
    const { store, seal, now, onChange } = this.#deps;
    const id = randomUUID();
    const secret = newSecret();
    const webhook: Webhook = {
      ...input,
      id,
      version: 1,
      createdAtMs: now(),
      sealedSecret: seal.seal(secret, id),
    };
    await store.insertWebhook(webhook, by.actor);
    await onChange();
    return { ...view(webhook, 0), secret: secretText(secret) };
  }

  /** Undefined when there is none. @throws GatewayError `version-conflict` */
  async update(
    by: Principal,
    id: string,
    { version, ...change }: WebhookChange & { readonly version: number },
  ): Promise<WebhookView | undefined> {
    const { store, onChange } = this.#deps;
    const changed = await store.updateWebhook(id, version, change, by.actor);
    if (!changed) return undefined;
    await onChange();
    return view(changed, (await store.waiting()).get(id));
  }

  /** False when there was none. */
  async delete(by: Principal, id: string): Promise<boolean> {
    const wasThere = await this.#deps.store.deleteWebhook(id, by.actor);
    if (wasThere) await this.#deps.onChange();
    return wasThere;
  }
}

const byName = (a: Webhook, b: Webhook) => a.name.localeCompare(b.name, 'vi');
const byAge = (a: Webhook, b: Webhook) => a.createdAtMs - b.createdAtMs;
const ORDERS: Readonly<Record<WebhookQuery['sort'], (a: Webhook, b: Webhook) => number>> = {
  name: byName,
  '-name': (a, b) => byName(b, a),
  createdAtMs: byAge,
  '-createdAtMs': (a, b) => byAge(b, a),
};

function view({ sealedSecret: _, last, events, ...rest }: Webhook, waiting = 0): WebhookView {
  return {
    ...rest,
    events: [...events],
    ...(last && { lastDelivery: { ...last, waiting } }),
  };
}
