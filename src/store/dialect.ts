import { type Kysely, PostgresAdapter } from 'kysely';

/** Where the two databases need other words. */
export function isPostgres(db: Pick<Kysely<never>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
