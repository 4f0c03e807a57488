import type { Kysely } from 'kysely';
import type { KeptOrder } from '../conferences/kept-order.ts';
import type { OrderStore } from '../conferences/ports.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** Orders of speaking, in the database. */
export function orderStore(db: Kysely<Tables>): OrderStore {
  return {
    listOrders: () =>
      stored(async () => {
        const rows = await db.selectFrom('speaking_order').selectAll().execute();
        return rows.map(row => ({
          conferenceId: row.conference_id as ConferenceId,
          order: JSON.parse(row.kept_order) as KeptOrder,
          savedAtMs: row.saved_at_ms,
        }));
      }),
    saveOrder: ({ conferenceId, order, savedAtMs }) =>
      stored(async () => {
        const facts = { kept_order: JSON.stringify(order), saved_at_ms: savedAtMs };
        await db
          .insertInto('speaking_order')
          .values({ conference_id: conferenceId, ...facts })
          .onConflict(conflict => conflict.column('conference_id').doUpdateSet(facts))
          .execute();
      }),
    deleteOrder: id =>
      stored(async () => {
        await db.deleteFrom('speaking_order').where('conference_id', '=', id).execute();
      }),
  };
}
