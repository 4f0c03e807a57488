import type { Kysely } from 'kysely';

/** The call log; what is looked for has columns, the rest is in `record`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('call')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('started_at_ms', 'bigint', c => c.notNull())
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('result', 'text')
    .addColumn('site_id', 'text')
    .addColumn('site_name', 'text')
    .addColumn('conference_id', 'text')
    .addColumn('conference_name', 'text')
    .addColumn('search', 'text', c => c.notNull())
    .addColumn('record', 'text', c => c.notNull())
    .addColumn('messages', 'text')
    .execute();
  await db.schema.createIndex('call_started').on('call').column('started_at_ms').execute();
  await db.schema.createIndex('call_ended').on('call').column('ended_at_ms').execute();
}
