import type { Kysely } from 'kysely';

/** Who is told of events, and what waits to be told. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('url', 'text', c => c.notNull())
    .addColumn('events', 'text', c => c.notNull())
    .addColumn('enabled', 'integer', c => c.notNull())
    .addColumn('sealed_secret', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('last_at_ms', 'bigint')
    .addColumn('last_ok', 'integer')
    .addColumn('last_detail', 'text')
    .execute();
  await db.schema
    .createTable('webhook_delivery')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('webhook_id', 'text', c => c.notNull().references('webhook.id').onDelete('cascade'))
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('next_at_ms', 'bigint', c => c.notNull())
    .execute();
  await db.schema
    .createIndex('webhook_delivery_due')
    .on('webhook_delivery')
    .columns(['webhook_id', 'next_at_ms'])
    .execute();
}
