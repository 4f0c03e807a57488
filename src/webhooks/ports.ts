import type { WebhookEvent } from '../contract/jobs.ts';
import type { Actor } from '../domain/actor.ts';

/** An address that is told of events. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly enabled: boolean;
  readonly version: number;
  readonly createdAtMs: number;
  /** What signs its messages, as `SecretBox` seals it. */
  readonly sealedSecret: string;
  /** How the last message to it went. */
  readonly last?: Outcome;
}

export interface Outcome {
  readonly atMs: number;
  readonly ok: boolean;
  /** For people. */
  readonly detail: string;
}

/** A message to one address; it stays until it is taken or given up. */
export interface Delivery {
  /** Also told the receiver, which knows a message by it that comes twice. */
  readonly id: string;
  readonly webhookId: string;
  readonly body: string;
  readonly createdAtMs: number;
  readonly attempts: number;
  readonly nextAtMs: number;
}

export type WebhookChange = Partial<Pick<Webhook, 'name' | 'url' | 'events' | 'enabled'>>;

/** Webhooks and the messages that wait for them. Throws `GatewayError` `store-unavailable`. */
export interface WebhookStore {
  /** In the order in which they were made. */
  listWebhooks(): Promise<readonly Webhook[]>;
  insertWebhook(webhook: Webhook, by: Actor): Promise<void>;
  /** Undefined when there is none. @throws GatewayError `version-conflict` */
  updateWebhook(
    id: string,
    version: number,
    change: WebhookChange,
    by: Actor,
  ): Promise<Webhook | undefined>;
  /** With what waits for it. False when there was none. */
  deleteWebhook(id: string, by: Actor): Promise<boolean>;
  /** When it resolves they survive a crash. */
  addDeliveries(deliveries: readonly Delivery[]): Promise<void>;
  /** The oldest of a webhook that is due; undefined when none is. */
  dueDelivery(webhookId: string, nowMs: number): Promise<Delivery | undefined>;
  /** When the next of all is due; undefined when none waits. */
  nextDueMs(): Promise<number | undefined>;
  /** How many wait, by webhook. */
  waiting(): Promise<ReadonlyMap<string, number>>;
  /** It went, or is given up: it is gone. */
  settleDelivery(delivery: Delivery, outcome: Outcome): Promise<void>;
  postponeDelivery(delivery: Delivery, nextAtMs: number, outcome: Outcome): Promise<void>;
}

/** Seals what must not be read from the database alone. */
export interface Seal {
  seal(secret: Uint8Array, owner: string): string;
  /** Undefined when it was sealed with another key or for another owner. */
  open(text: string, owner: string): Buffer | undefined;
}

/** What came of sending a message. */
export type Sent = { readonly ok: boolean; readonly detail: string };

/** Sends a message; never rejects. */
export type Send = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<Sent>;
