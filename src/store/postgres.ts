import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';

/** So many requests are served by the database at once; others wait. */
const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;

/** bigint, of which JavaScript’s numbers hold what we put there: times and counters. */
const INT8 = 20;

/**
 * PostgreSQL by way of `pg`.
 *
 * @param url `postgresql://user:password@host/database`, with what else libpq takes
 */
export function postgresDialect(url: string, log: Logger): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: {
      getTypeParser: (id, format) =>
        id === INT8 ? (text: string) => Number(text) : pg.types.getTypeParser(id, format),
    },
  });
  // Of connections nobody uses now; who uses one hears of it by the query that fails.
  pool.on('error', err => log.warn({ err }, 'connection to the database lost'));
  return new PostgresDialect({ pool });
}
