import type { Kysely } from 'kysely';

/** Who came and went in a meeting, also where nobody called the roll. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('meeting_record')
    .addColumn('attendance', 'text', c => c.notNull().defaultTo('[]'))
    .execute();
}
