import { type DialectAdapter, PostgresAdapter } from 'kysely';

/** Where the two databases need other words. */
export function isPostgres(db: { getExecutor(): { readonly adapter: DialectAdapter } }): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
