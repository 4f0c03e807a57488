import type { Kysely } from 'kysely';

/** Records of meetings. No reference to the conference: they are kept when it is taken away. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meeting_record')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('conference_id', 'text', c => c.notNull())
    .addColumn('group_id', 'text')
    .addColumn('title', 'text', c => c.notNull())
    .addColumn('led_by', 'text', c => c.notNull())
    .addColumn('started_at_ms', 'bigint', c => c.notNull())
    .addColumn('is_of_meeting', 'integer', c => c.notNull())
    .addColumn('due_at_ms', 'bigint', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('corrects', 'text')
    .addColumn('signed_by', 'text')
    .addColumn('signed_at_ms', 'bigint')
    .addColumn('roll', 'text', c => c.notNull())
    .addColumn('chat', 'text', c => c.notNull())
    .addColumn('search', 'text', c => c.notNull())
    .addColumn('sort_title', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createIndex('meeting_record_conference')
    .on('meeting_record')
    .columns(['conference_id', 'started_at_ms'])
    .execute();
}
