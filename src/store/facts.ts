import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';

/** What the technician is told of the database. */
export interface DatabaseFacts {
  readonly kind: 'sqlite' | 'postgresql';
  readonly sizeBytes?: number;
}

/** The size is that of the file, without what waits in the write-ahead log. */
export function databaseFacts(db: Kysely<Tables>) {
  return async (): Promise<DatabaseFacts> => {
    const pages = await sql<{ size: number }>`
      select page_count * page_size as size from pragma_page_count(), pragma_page_size()
    `.execute(db);
    const size = pages.rows[0]?.size;
    return { kind: 'sqlite', ...(size !== undefined && { sizeBytes: Number(size) }) };
  };
}
