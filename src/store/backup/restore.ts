import { Kysely, sql } from 'kysely';
import { isPostgres } from '../dialect.ts';
import { dialectOf, type StoreOptions } from '../index.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { type BackupHead, type BackupRow, openBackup } from './format.ts';
import { MIGRATION_TABLES, tablesInOrder } from './tables.ts';

type Database = Kysely<Record<string, Record<string, unknown>>>;

const CHUNK_ROWS = 200;

/**
 * Puts what a backup holds in the place of all that is stored, in one transaction: when anything
 * fails, all is as before. The tables are made as they were for the backup, filled, and brought
 * up to date from there. A gateway that runs has to be restarted: it remembers what was.
 *
 * @throws Error for a file that is no backup or not whole, or that a newer program wrote
 */
export async function restore(store: StoreOptions, file: string): Promise<{ rows: number }> {
  const { head, rows } = await openBackup(file);
  const unknown = head.migrations.filter(name => !Object.hasOwn(MIGRATIONS, name));
  if (unknown.length > 0)
    throw new Error(
      `${file} is of diemcau ${head.version}, which is newer than this one: restore it with that`,
    );
  const db: Database = new Kysely({ dialect: dialectOf(store) });
  try {
    return await db.transaction().execute(async trx => {
      await dropAll(trx);
      await run(trx, head.migrations);
      const count = await insertAll(trx, rows);
      await run(trx, missing(head));
      await noteMigrations(trx);
      return { rows: count };
    });
  } finally {
    await db.destroy();
  }
}

function missing({ migrations }: BackupHead): string[] {
  return Object.keys(MIGRATIONS).filter(name => !migrations.includes(name));
}

async function dropAll(trx: Database): Promise<void> {
  const tables = (await tablesInOrder(trx)).reverse();
  for (const table of [...tables, ...MIGRATION_TABLES])
    await trx.schema.dropTable(table).ifExists().execute();
  if (!isPostgres(trx)) return;
  const own = await sql<{ name: string }>`select proname as name from pg_proc
    where pronamespace = current_schema()::regnamespace`.execute(trx);
  for (const { name } of own.rows) await sql`drop function ${sql.table(name)}`.execute(trx);
}

async function run(trx: Database, names: readonly string[]): Promise<void> {
  for (const name of [...names].sort()) await MIGRATIONS[name]?.up(trx);
}

async function insertAll(trx: Database, rows: AsyncGenerator<BackupRow>): Promise<number> {
  let count = 0;
  let chunk: Record<string, unknown>[] = [];
  let chunkTable = '';
  const flush = async () => {
    if (chunk.length > 0) await trx.insertInto(chunkTable).values(chunk).execute();
    chunk = [];
  };
  for await (const [table, row] of rows) {
    if (table !== chunkTable || chunk.length >= CHUNK_ROWS) await flush();
    chunkTable = table;
    chunk.push(row);
    count += 1;
  }
  await flush();
  return count;
}

/** As Kysely's migrator keeps it, so that the next start finds nothing to do. */
async function noteMigrations(trx: Database): Promise<void> {
  const long = 'varchar(255)';
  await trx.schema
    .createTable('kysely_migration')
    .addColumn('name', long, c => c.notNull().primaryKey())
    .addColumn('timestamp', long, c => c.notNull())
    .execute();
  await trx.schema
    .createTable('kysely_migration_lock')
    .addColumn('id', long, c => c.notNull().primaryKey())
    .addColumn('is_locked', 'integer', c => c.notNull().defaultTo(0))
    .execute();
  const timestamp = new Date().toISOString();
  const names = Object.keys(MIGRATIONS).sort();
  const notes = names.map(name => ({ name, timestamp }));
  await trx.insertInto('kysely_migration').values(notes).execute();
  await trx
    .insertInto('kysely_migration_lock')
    .values({ id: 'migration_lock', is_locked: 0 })
    .execute();
}
