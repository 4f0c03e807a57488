import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';

/** How long a writer waits for another process's lock. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Kysely's own SQLite dialect over Node's built-in SQLite: no native module to build.
 *
 * @param file path, made with its folder when missing; `:memory:` for tests
 * @throws Error when it cannot be opened or is not a database
 */
export function sqliteDialect(file: string): SqliteDialect {
  if (file !== ':memory:') makePrivate(file);
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA foreign_keys = ON');
  } catch (err) {
    database.close();
    throw err;
  }
  return new SqliteDialect({ database: adapt(database) });
}

/** Digests in it are as good as passwords. SQLite gives its other files the mode of this one. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600));
}

type Bindings = Binding[];
type Binding = string | number | bigint | null | Uint8Array;

/** Preparing costs more than running; Kysely writes the same text again and again. */
const MAX_PREPARED = 200;

function adapt(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: sql => {
      const known = prepared.get(sql);
      if (known) return known;
      const statement = adaptStatement(database.prepare(sql), () => database.prepare(sql));
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

/** @param again another statement of the same text, for rows that are read one by one */
function adaptStatement(statement: StatementSync, again: () => StatementSync): SqliteStatement {
  return {
    // A statement that gives rows has columns; one that does not, has none.
    reader: statement.columns().length > 0,
    all: parameters => statement.all(...(parameters as Bindings)),
    run: parameters => {
      const { changes, lastInsertRowid } = statement.run(...(parameters as Bindings));
      return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
    },
    iterate: parameters => again().iterate(...(parameters as Bindings)),
  };
}
