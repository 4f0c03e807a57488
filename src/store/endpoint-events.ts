import type { Kysely, Selectable } from 'kysely';
import type { EndpointId } from '../domain/ids.ts';
import type { EndpointEvent, EndpointEventKind } from '../sites/endpoint-events.ts';
import type { EndpointEventStore } from '../sites/ports.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** What happened to endpoints, in the database. */
export function endpointEventStore(db: Kysely<Tables>): EndpointEventStore {
  const ofEndpoint = (id: EndpointId) =>
    db.selectFrom('endpoint_event').where('endpoint_id', '=', id).orderBy('at_ms', 'desc');
  return {
    addEndpointEvent: ({ endpointId, atMs, kind, detail }, keep) =>
      stored(async () => {
        const row = { endpoint_id: endpointId, at_ms: atMs, kind, detail };
        await db.insertInto('endpoint_event').values(row).execute();
        const oldest = await ofEndpoint(endpointId)
          .select('at_ms')
          .offset(keep)
          .limit(1)
          .executeTakeFirst();
        if (!oldest) return;
        await db
          .deleteFrom('endpoint_event')
          .where('endpoint_id', '=', endpointId)
          .where('at_ms', '<=', oldest.at_ms)
          .execute();
      }),
    listEndpointEvents: (id, limit) =>
      stored(async () => {
        const rows = await ofEndpoint(id).selectAll().limit(limit).execute();
        return rows.map(toEvent);
      }),
    lastEndpointEvents: () =>
      stored(async () => {
        const latest = db
          .selectFrom('endpoint_event')
          .select(['endpoint_id', eb => eb.fn.max('at_ms').as('at_ms')])
          .groupBy('endpoint_id')
          .as('latest');
        const rows = await db
          .selectFrom('endpoint_event')
          .innerJoin(latest, join =>
            join
              .onRef('latest.endpoint_id', '=', 'endpoint_event.endpoint_id')
              .onRef('latest.at_ms', '=', 'endpoint_event.at_ms'),
          )
          .selectAll('endpoint_event')
          .execute();
        return rows.map(toEvent);
      }),
  };
}

function toEvent(row: Selectable<Tables['endpoint_event']>): EndpointEvent {
  return {
    endpointId: row.endpoint_id as EndpointId,
    atMs: Number(row.at_ms),
    kind: row.kind as EndpointEventKind,
    detail: row.detail,
  };
}
