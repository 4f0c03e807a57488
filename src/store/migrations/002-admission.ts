import type { Kysely } from 'kysely';

/** What decides who may come in, how, and where to: numbers of sites, fixed addresses, PINs, sites of a conference. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('site').addColumn('number', 'text').execute();
  await db.schema.createIndex('site_number').on('site').column('number').unique().execute();
  await db.schema.alterTable('site').addColumn('srtp', 'text').execute();
  await db.schema
    .alterTable('endpoint')
    .addColumn('fixed_addresses', 'text', c => c.notNull().defaultTo('[]'))
    .execute();
  await db.schema.alterTable('conference').addColumn('pin_hash', 'text').execute();
  await db.schema
    .createTable('conference_site')
    .addColumn('conference_id', 'text', c =>
      c.notNull().references('conference.id').onDelete('cascade'),
    )
    .addColumn('site_id', 'text', c => c.notNull().references('site.id').onDelete('cascade'))
    .addColumn('position', 'integer', c => c.notNull())
    .addPrimaryKeyConstraint('conference_site_key', ['conference_id', 'site_id'])
    .execute();
  await db.schema
    .createIndex('conference_site_site')
    .on('conference_site')
    .column('site_id')
    .execute();
}
