import { type Kysely, PostgresAdapter, sql } from 'kysely';

/** Accounts, sessions, tokens; and the audit log refuses every change of what stands in it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('account')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('login', 'text', c => c.notNull().unique())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('role', 'text', c => c.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('sealed_totp', 'text')
    .addColumn('totp_step', 'bigint')
    .addColumn('issuer', 'text')
    .addColumn('subject', 'text')
    .addColumn('disabled', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('last_sign_in_at_ms', 'bigint')
    .addColumn('search', 'text', c => c.notNull())
    .addUniqueConstraint('account_identity', ['issuer', 'subject'])
    .execute();
  await db.schema
    .createTable('account_group')
    .addColumn('account_id', 'text', c => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('group_id', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('account_group_key', ['account_id', 'group_id'])
    .execute();
  await db.schema
    .createTable('recovery_code')
    .addColumn('hash', 'text', c => c.primaryKey())
    .addColumn('account_id', 'text', c => c.notNull().references('account.id').onDelete('cascade'))
    .execute();
  // One row at most: two who set up at once cannot both be the first.
  await db.schema
    .createTable('first_account')
    .addColumn('only', 'integer', c => c.primaryKey())
    .execute();
  await db.schema
    .createTable('session')
    .addColumn('id_hash', 'text', c => c.primaryKey())
    .addColumn('account_id', 'text', c => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('seen_at_ms', 'bigint', c => c.notNull())
    .addColumn('expires_at_ms', 'bigint', c => c.notNull())
    .execute();
  await db.schema.createIndex('session_account').on('session').column('account_id').execute();
  await db.schema
    .createTable('api_token')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('account_id', 'text', c => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('hint', 'text', c => c.notNull())
    .addColumn('hash', 'text', c => c.notNull().unique())
    .addColumn('scopes', 'text', c => c.notNull())
    .addColumn('expires_at_ms', 'bigint', c => c.notNull())
    .addColumn('created_at_ms', 'bigint', c => c.notNull())
    .addColumn('last_used_at_ms', 'bigint')
    .execute();
  await db.schema.createIndex('api_token_account').on('api_token').column('account_id').execute();
  await db.schema
    .alterTable('audit')
    .addColumn('search', 'text', c => c.notNull().defaultTo(''))
    .execute();
  await keepAudit(db);
}

async function keepAudit(db: Kysely<unknown>): Promise<void> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  for (const statement of isPostgres ? POSTGRES_TRIGGERS : SQLITE_TRIGGERS)
    await sql.raw(statement).execute(db);
}

const REFUSAL = "begin select raise(abort, 'the audit log is append-only'); end";

/** INSERT OR REPLACE deletes without telling the trigger for that. */
const SQLITE_TRIGGERS = [
  `create trigger audit_no_update before update on audit ${REFUSAL}`,
  `create trigger audit_no_delete before delete on audit ${REFUSAL}`,
  `create trigger audit_no_replace before insert on audit
    when exists (select 1 from audit where id = new.id) ${REFUSAL}`,
];

const POSTGRES_TRIGGERS = [
  `create function audit_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log is append-only'; end $$`,
  `create trigger audit_no_change before update or delete on audit
    for each row execute function audit_append_only()`,
  `create trigger audit_no_truncate before truncate on audit
    for each statement execute function audit_append_only()`,
];
