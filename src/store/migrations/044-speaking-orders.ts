import type { Kysely } from 'kysely';

/** Hands and the floor of conferences that run, or did; no reference to them: they are short-lived. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('speaking_order')
    .addColumn('conference_id', 'text', c => c.primaryKey())
    .addColumn('kept_order', 'text', c => c.notNull())
    .addColumn('saved_at_ms', 'bigint', c => c.notNull())
    .execute();
}
