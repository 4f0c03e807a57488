import type { Kysely, Selectable } from 'kysely';
import type { Actor } from '../domain/actor.ts';
import type { UserId } from '../domain/ids.ts';
import type { AuditEntry, AuditQuery, AuditStore } from '../people/ports.ts';
import { recordChange } from './audit.ts';
import { stored } from './errors.ts';
import { orderOf, plainTerms, type SortTerms } from './listing.ts';
import type { Tables } from './schema.ts';
import { contains } from './text-search.ts';

const SORT_TERMS: SortTerms = { atMs: plainTerms('at_ms') };

/** The audit log, to read; nothing here changes what stands in it, and triggers refuse it. */
export function auditStore(db: Kysely<Tables>): AuditStore {
  return {
    note: noted => stored(() => recordChange(db, noted.by, noted)),
    listAudit: query =>
      stored(async () => {
        const matching = filtered(db, query);
        let sorted = matching.selectAll();
        for (const term of orderOf(db, query.sort, SORT_TERMS)) sorted = sorted.orderBy(term);
        const rows = await sorted.limit(query.limit).offset(query.offset).execute();
        const { total } = await matching
          .select(eb => eb.fn.countAll().as('total'))
          .executeTakeFirstOrThrow();
        return { items: rows.map(entryOf), total: Number(total) };
      }),
  };
}

function filtered(db: Kysely<Tables>, query: AuditQuery) {
  const { q, entity, entityId, actorId, action, fromMs, toMs } = query;
  return db
    .selectFrom('audit')
    .where(contains('search', q))
    .where(eb =>
      eb.and({
        ...(entity !== undefined && { entity }),
        ...(entityId !== undefined && { entity_id: entityId }),
        ...(actorId !== undefined && { actor_id: actorId }),
        ...(action !== undefined && { action }),
      }),
    )
    .$if(fromMs !== undefined, from => from.where('at_ms', '>=', fromMs ?? 0))
    .$if(toMs !== undefined, to => to.where('at_ms', '<=', toMs ?? 0));
}

function entryOf(row: Selectable<Tables['audit']>): AuditEntry {
  const { id, actor_id, actor_address, actor_name, action, entity, entity_id } = row;
  return {
    id,
    atMs: row.at_ms,
    by: {
      kind: row.actor_kind as Actor['kind'],
      ...(actor_id !== null && { userId: actor_id as UserId }),
      name: actor_name,
      ...(actor_address !== null && { address: actor_address }),
    },
    action,
    entity,
    ...(entity_id !== null && { entityId: entity_id }),
    ...(row.before !== null && { before: JSON.parse(row.before) }),
    ...(row.after !== null && { after: JSON.parse(row.after) }),
  };
}
