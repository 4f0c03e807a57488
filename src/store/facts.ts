import { type Kysely, sql } from 'kysely';
import { isPostgres } from './dialect.ts';
import type { Tables } from './schema.ts';

/** What the technician is told of the database. */
export interface DatabaseFacts {
  readonly kind: 'sqlite' | 'postgresql';
  readonly sizeBytes?: number;
}

/** The size is that of the file, without what waits in the write-ahead log; or PostgreSQL's own. */
export function databaseFacts(db: Kysely<Tables>) {
  return async (): Promise<DatabaseFacts> => {
    if (isPostgres(db)) {
      const query = sql<{ size: number }>`select pg_database_size(current_database()) as size`;
      const [row] = (await query.execute(db)).rows;
      return { kind: 'postgresql', ...(row && { sizeBytes: row.size }) };
    }
    const pages = await sql<{ size: number }>`
      select page_count * page_size as size from pragma_page_count(), pragma_page_size()
    `.execute(db);
    const size = pages.rows[0]?.size;
    return { kind: 'sqlite', ...(size !== undefined && { sizeBytes: Number(size) }) };
  };
}
