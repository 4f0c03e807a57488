import type { Kysely } from 'kysely';

/** Answers to requests with an idempotency key; sealed by the key, which is not here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('given_answer')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('request_mac', 'text', c => c.notNull())
    .addColumn('sealed', 'text')
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .execute();
  await db.schema
    .createIndex('given_answer_created')
    .on('given_answer')
    .column('created_at_ms')
    .execute();
}
