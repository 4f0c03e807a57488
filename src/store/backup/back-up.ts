import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Kysely, sql } from 'kysely';
import { VERSION } from '../../util/version.ts';
import { isPostgres } from '../dialect.ts';
import { dialectOf, type StoreOptions } from '../index.ts';
import { endLine, headLine, rowLine } from './format.ts';
import { tablesInOrder } from './tables.ts';

type Database = Kysely<Record<string, Record<string, unknown>>>;

/** Rows that are read, and written, at once. */
const CHUNK_ROWS = 500;

/**
 * Writes all that is stored into a file, as it is at one moment, while others go on writing. What
 * is in it is as good as passwords: the file is its owner's alone. A file that is there already
 * is replaced when the new one is whole.
 *
 * @throws Error when there is no database, or the file cannot be written
 */
export async function backUp(store: StoreOptions, file: string): Promise<{ rows: number }> {
  const db: Database = new Kysely({ dialect: dialectOf(store) });
  const unfinished = `${file}.unfinished`;
  try {
    const out = await open(unfinished, 'w', 0o600);
    try {
      const rows = await atOneMoment(db, trx => write(trx, out));
      await out.sync();
      await out.close();
      await rename(unfinished, file);
      return { rows };
    } catch (err) {
      await out.close().catch(() => undefined); // closed already
      await rm(unfinished, { force: true });
      throw err;
    }
  } finally {
    await db.destroy();
  }
}

/** SQLite's transactions see one moment anyway, and keep nobody from writing in WAL mode. */
function atOneMoment<T>(db: Database, step: (trx: Database) => Promise<T>): Promise<T> {
  const transaction = db.transaction();
  const whole = isPostgres(db)
    ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only')
    : transaction;
  return whole.execute(step);
}

async function write(db: Database, out: FileHandle): Promise<number> {
  const migrations = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(db);
  const names = migrations.rows.map(({ name }) => name);
  const createdAt = new Date().toISOString();
  await out.write(headLine({ version: VERSION, createdAt, migrations: names }));
  let count = 0;
  for (const table of await tablesInOrder(db)) count += await writeTable(db, table, out);
  await out.write(endLine(count));
  return count;
}

async function writeTable(db: Database, table: string, out: FileHandle): Promise<number> {
  const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(
    db,
  );
  for (let first = 0; first < rows.length; first += CHUNK_ROWS)
    await out.write(
      rows
        .slice(first, first + CHUNK_ROWS)
        .map(row => rowLine(table, row))
        .join(''),
    );
  return rows.length;
}
