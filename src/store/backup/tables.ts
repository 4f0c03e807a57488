import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../dialect.ts';

/** Kysely's own: which migrations have run. */
export const MIGRATION_TABLES = ['kysely_migration', 'kysely_migration_lock'];

type Database = Kysely<Record<string, Record<string, unknown>>>;

/** All tables with what we store, each after those it refers to. */
export async function tablesInOrder(db: Database): Promise<string[]> {
  const names = await tableNames(db);
  const ordered: string[] = [];
  const references = new Map<string, readonly string[]>();
  for (const name of names) references.set(name, await referencesOf(db, name));
  const add = (name: string) => {
    if (ordered.includes(name)) return;
    for (const other of references.get(name) ?? []) if (other !== name) add(other);
    ordered.push(name);
  };
  for (const name of names) add(name);
  return ordered;
}

async function tableNames(db: Database): Promise<string[]> {
  const query = isPostgres(db)
    ? sql<{ name: string }>`select table_name as name from information_schema.tables
        where table_schema = current_schema() and table_type = 'BASE TABLE'`
    : sql<{ name: string }>`select name from sqlite_master
        where type = 'table' and name not like 'sqlite!_%' escape '!'`;
  const names = (await query.execute(db)).rows.map(({ name }) => name);
  return names.filter(name => !MIGRATION_TABLES.includes(name)).sort();
}

async function referencesOf(db: Database, table: string): Promise<string[]> {
  const query = isPostgres(db)
    ? sql<{ name: string }>`select target.relname as name from pg_constraint
        join pg_class own on own.oid = pg_constraint.conrelid
        join pg_class target on target.oid = pg_constraint.confrelid
        where contype = 'f' and own.relname = ${table}
          and own.relnamespace = current_schema()::regnamespace`
    : sql<{ name: string }>`select "table" as name from pragma_foreign_key_list(${table})`;
  return (await query.execute(db)).rows.map(({ name }) => name);
}
