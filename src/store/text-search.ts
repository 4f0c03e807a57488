import { type Expression, type SqlBool, sql } from 'kysely';
import { searchText } from '../util/search-text.ts';

/** Every word of `q` is somewhere in the column, which holds what `searchText` makes. */
export function contains(column: string, q: string | undefined): Expression<SqlBool> {
  const words = searchText(q ?? '')
    .split(' ')
    .filter(word => word !== '');
  const found = words.map(word => sql`${sql.ref(column)} like ${pattern(word)} escape '!'`);
  return found.length > 0 ? sql<SqlBool>`(${sql.join(found, sql` and `)})` : sql<SqlBool>`1 = 1`;
}

function pattern(word: string): string {
  return `%${word.replace(/[!%_]/g, '!$&')}%`;
}
