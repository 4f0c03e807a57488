import type { Kysely } from 'kysely';

/** Who was let into conferences and may come back; no reference to them: both are short-lived. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('visit_pass')
    .addColumn('token_hash', 'text', c => c.primaryKey())
    .addColumn('conference_id', 'text', c => c.notNull())
    .addColumn('participant_id', 'text')
    .addColumn('chair', 'integer', c => c.notNull())
    .addColumn('muted', 'integer', c => c.notNull())
    .addColumn('since_ms', 'bigint', c => c.notNull())
    .addColumn('until_ms', 'bigint')
    .execute();
}
