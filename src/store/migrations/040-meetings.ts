import type { Kysely } from 'kysely';

/** Runs of conferences, and where each of their sites stands. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meeting')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('conference_id', 'text', c =>
      c.notNull().references('conference.id').onDelete('cascade'),
    )
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('started_at_ms', 'bigint', c => c.notNull())
    .addColumn('started_by', 'text', c => c.notNull())
    .addColumn('occurrence_start_ms', 'bigint')
    .addColumn('ends_at_ms', 'bigint')
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('is_locked', 'integer', c => c.notNull())
    .addColumn('mute_on_entry', 'integer', c => c.notNull())
    .execute();
  await db.schema
    .createIndex('meeting_conference')
    .on('meeting')
    .columns(['conference_id', 'started_at_ms'])
    .execute();
  await db.schema
    .createTable('meeting_site')
    .addColumn('meeting_id', 'text', c => c.notNull().references('meeting.id').onDelete('cascade'))
    .addColumn('site_id', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('since_ms', 'bigint', c => c.notNull())
    .addColumn('ladder_round', 'integer', c => c.notNull())
    .addColumn('ladder_step', 'integer', c => c.notNull())
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('retry_at_ms', 'bigint')
    .addColumn('position', 'integer', c => c.notNull())
    .addPrimaryKeyConstraint('meeting_site_key', ['meeting_id', 'site_id'])
    .execute();
}
