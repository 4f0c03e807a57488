import type { Kysely, Selectable } from 'kysely';
import type { WebhookEvent } from '../contract/jobs.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Delivery, Outcome, Webhook, WebhookStore } from '../webhooks/ports.ts';
import { difference, recordChange } from './audit.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

type Database = Kysely<Tables>;
const entity = 'webhook';

/** Webhooks and their messages in the database. */
export function webhookStore(db: Database): WebhookStore {
  const deliveries = () => db.selectFrom('webhook_delivery');
  return {
    listWebhooks: () =>
      stored(async () => {
        const rows = await db.selectFrom('webhook').selectAll().orderBy('created_at_ms').execute();
        return rows.map(toWebhook);
      }),
    insertWebhook: (webhook, by) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await trx.insertInto('webhook').values(toRow(webhook)).execute();
          const after = facts(webhook);
          const change = { action: 'created', entity, entityId: webhook.id, after };
          await recordChange(trx, by, change);
        }),
      ),
    updateWebhook: (id, version, change, by) =>
      stored(() =>
        db.transaction().execute(async trx => {
          const row = await find(trx, id);
          if (!row) return undefined;
          const before = toWebhook(row);
          if (before.version !== version) throw otherVersion(before.version);
          const known = Object.entries(change).filter(([, value]) => value !== undefined);
          const after = { ...before, ...Object.fromEntries(known), version: version + 1 };
          const claim = trx.updateTable('webhook').set(toRow(after)).where('id', '=', id);
          const done = await claim.where('version', '=', version).executeTakeFirst();
          if (done.numUpdatedRows === 0n) throw otherVersion(version + 1);
          const differing = difference(facts(before), facts(after));
          await recordChange(trx, by, { action: 'changed', entity, entityId: id, ...differing });
          return after;
        }),
      ),
    deleteWebhook: (id, by) =>
      stored(() =>
        db.transaction().execute(async trx => {
          const row = await find(trx, id);
          if (!row) return false;
          await trx.deleteFrom('webhook').where('id', '=', id).execute();
          const before = facts(toWebhook(row));
          await recordChange(trx, by, { action: 'deleted', entity, entityId: id, before });
          return true;
        }),
      ),
    addDeliveries: added =>
      stored(async () => {
        await db.insertInto('webhook_delivery').values(added.map(deliveryRow)).execute();
      }),
    dueDelivery: (webhookId, nowMs) =>
      stored(async () => {
        const row = await deliveries()
          .selectAll()
          .where('webhook_id', '=', webhookId)
          .where('next_at_ms', '<=', nowMs)
          .orderBy('created_at_ms')
          .orderBy('id')
          .limit(1)
          .executeTakeFirst();
        return row && toDelivery(row);
      }),
    nextDueMs: () =>
      stored(async () => {
        const row = await deliveries()
          .innerJoin('webhook', 'webhook.id', 'webhook_delivery.webhook_id')
          .where('webhook.enabled', '=', 1)
          .select(eb => eb.fn.min('next_at_ms').as('next'))
          .executeTakeFirst();
        return row?.next === null || row?.next === undefined ? undefined : Number(row.next);
      }),
    waiting: () =>
      stored(async () => {
        const rows = await deliveries()
          .select(['webhook_id', eb => eb.fn.countAll().as('count')])
          .groupBy('webhook_id')
          .execute();
        return new Map(rows.map(row => [row.webhook_id, Number(row.count)]));
      }),
    settleDelivery: (delivery, outcome) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await trx.deleteFrom('webhook_delivery').where('id', '=', delivery.id).execute();
          await note(trx, delivery, outcome);
        }),
      ),
    postponeDelivery: (delivery, nextAtMs, outcome) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await trx
            .updateTable('webhook_delivery')
            .set({ next_at_ms: nextAtMs, attempts: delivery.attempts + 1 })
            .where('id', '=', delivery.id)
            .execute();
          await note(trx, delivery, outcome);
        }),
      ),
  };
}

function find(trx: Database, id: string) {
  return trx.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst();
}

async function note(trx: Database, { webhookId }: Delivery, outcome: Outcome): Promise<void> {
  const { atMs, ok, detail } = outcome;
  const last = { last_at_ms: atMs, last_ok: ok ? 1 : 0, last_detail: detail };
  await trx.updateTable('webhook').set(last).where('id', '=', webhookId).execute();
}

function otherVersion(current: number): GatewayError {
  const message =
    'Somebody else changed this meanwhile. Look at it again, then repeat your change.';
  return new GatewayError('version-conflict', message, { details: { current } });
}

/** As the audit log keeps it. */
function facts({ name, url, events, enabled }: Webhook) {
  return { name, url, events, enabled };
}

function toRow(webhook: Webhook) {
  const { id, name, url, events, enabled, version, createdAtMs, sealedSecret } = webhook;
  return {
    id,
    name,
    url,
    events: JSON.stringify(events),
    enabled: enabled ? 1 : 0,
    version,
    created_at_ms: createdAtMs,
    sealed_secret: sealedSecret,
  };
}

function toWebhook(row: Selectable<Tables['webhook']>): Webhook {
  const { last_at_ms: atMs, last_ok: ok, last_detail: detail } = row;
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    events: JSON.parse(row.events) as WebhookEvent[],
    enabled: row.enabled === 1,
    version: row.version,
    createdAtMs: Number(row.created_at_ms),
    sealedSecret: row.sealed_secret,
    ...(atMs !== null && { last: { atMs: Number(atMs), ok: ok === 1, detail: detail ?? '' } }),
  };
}

function deliveryRow({ id, webhookId, body, createdAtMs, attempts, nextAtMs }: Delivery) {
  const times = { created_at_ms: createdAtMs, next_at_ms: nextAtMs };
  return { id, webhook_id: webhookId, body, attempts, ...times };
}

function toDelivery(row: Selectable<Tables['webhook_delivery']>): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    body: row.body,
    createdAtMs: Number(row.created_at_ms),
    attempts: row.attempts,
    nextAtMs: Number(row.next_at_ms),
  };
}
