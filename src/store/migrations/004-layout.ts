import type { Kysely } from 'kysely';

/** How halls see a conference. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('conference')
    .addColumn('layout', 'text', c => c.notNull().defaultTo('auto'))
    .execute();
  await db.schema
    .alterTable('conference')
    .addColumn('hq_site_id', 'text', c => c.references('site.id').onDelete('set null'))
    .execute();
  await db.schema.alterTable('conference').addColumn('grid_size', 'integer').execute();
}
