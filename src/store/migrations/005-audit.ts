import type { Kysely } from 'kysely';

/** Who changed what; rows are added and never changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('at_ms', 'bigint', c => c.notNull())
    .addColumn('actor_kind', 'text', c => c.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('actor_name', 'text', c => c.notNull())
    .addColumn('actor_address', 'text')
    .addColumn('action', 'text', c => c.notNull())
    .addColumn('entity', 'text', c => c.notNull())
    .addColumn('entity_id', 'text')
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .execute();
  await db.schema.createIndex('audit_at').on('audit').column('at_ms').execute();
  await db.schema
    .createIndex('audit_entity')
    .on('audit')
    .columns(['entity', 'entity_id'])
    .execute();
}
