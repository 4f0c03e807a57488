import type { Kysely } from 'kysely';

/** Where endpoints are registered, what happened to them, and their passwords' SHA-256 digests. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('endpoint').addColumn('ha1_sha256', 'text').execute();
  await db.schema
    .createTable('binding')
    .addColumn('sip_username', 'text', c =>
      c.notNull().references('endpoint.sip_username').onDelete('cascade'),
    )
    .addColumn('contact_uri', 'text', c => c.notNull())
    .addColumn('source_addr', 'text', c => c.notNull())
    .addColumn('sip_transport', 'text', c => c.notNull())
    .addColumn('user_agent', 'text', c => c.notNull())
    .addColumn('expires_at_ms', 'bigint', c => c.notNull())
    .addColumn('sip_call_id', 'text', c => c.notNull())
    .addColumn('cseq', 'bigint', c => c.notNull())
    .addColumn('position', 'integer', c => c.notNull())
    .addPrimaryKeyConstraint('binding_key', ['sip_username', 'contact_uri'])
    .execute();
  await db.schema
    .createTable('endpoint_event')
    .addColumn('endpoint_id', 'text', c =>
      c.notNull().references('endpoint.id').onDelete('cascade'),
    )
    .addColumn('at_ms', 'bigint', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('detail', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createIndex('endpoint_event_endpoint')
    .on('endpoint_event')
    .columns(['endpoint_id', 'at_ms'])
    .execute();
}
