import type { Kysely } from 'kysely';

/** Sites with their endpoints, and conferences. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('site')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .execute();
  await db.schema
    .createTable('endpoint')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('site_id', 'text', c => c.notNull().references('site.id').onDelete('cascade'))
    .addColumn('sip_username', 'text', c => c.notNull().unique())
    .addColumn('ha1', 'text', c => c.notNull())
    .addColumn('position', 'integer', c => c.notNull())
    .execute();
  await db.schema.createIndex('endpoint_site').on('endpoint').column('site_id').execute();
  await db.schema
    .createTable('conference')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('number', 'text', c => c.notNull().unique())
    .addColumn('alias', 'text', c => c.notNull().unique())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .execute();
}
