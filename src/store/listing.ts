import { type Expression, type Kysely, sql } from 'kysely';
import { isPostgres } from './dialect.ts';
import type { Tables } from './schema.ts';

type Term = ReturnType<typeof sql>;

/** What rows are sorted by, for each field a list knows. */
export type SortTerms = Readonly<Record<string, (db: Kysely<Tables>) => readonly Term[]>>;

/** By bytes in both databases; rows without it come last, whatever the direction. */
export function textTerms(column: string): (db: Kysely<Tables>) => readonly Term[] {
  return db => [bytewise(db, column)];
}

/** Digits, as numbers are. */
export function numberTerms(column: string): (db: Kysely<Tables>) => readonly Term[] {
  return db => [sql`length(${sql.ref(column)})`, bytewise(db, column)];
}

export function plainTerms(column: string): (db: Kysely<Tables>) => readonly Term[] {
  return () => [sql`${sql.ref(column)}`];
}

function bytewise(db: Kysely<Tables>, column: string): Term {
  return isPostgres(db) ? sql`${sql.ref(column)} collate "C"` : sql`${sql.ref(column)}`;
}

/**
 * The terms of ORDER BY.
 *
 * @param sort a field, with `-` before it for the other direction
 * @param id column that decides between equals
 */
export function orderOf(
  db: Kysely<Tables>,
  sort: string,
  terms: SortTerms,
  id = 'id',
): Expression<unknown>[] {
  const isDescending = sort.startsWith('-');
  const field = isDescending ? sort.slice(1) : sort;
  const own = terms[field]?.(db) ?? [];
  const direction = isDescending ? sql`desc nulls last` : sql`asc nulls last`;
  return [...own, sql`${sql.ref(id)}`].map(term => sql`${term} ${direction}`);
}
