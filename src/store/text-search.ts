import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import { sql } from 'kysely';
import { searchText } from '../util/search-text.ts';

/** Every word of `q` is somewhere in the column, which holds what `searchText` makes. */
export function contains<Column extends string>(column: Column, q: string | undefined) {
  const words = searchText(q ?? '')
    .split(' ')
    .filter(word => word !== '');
  // biome-ignore lint/suspicious/noExplicitAny: whichever tables the query is of
  return (eb: ExpressionBuilder<any, any>): ExpressionWrapper<any, any, SqlBool> =>
    eb.and(words.map(word => sql<SqlBool>`${sql.ref(column)} like ${pattern(word)} escape '!'`));
}

function pattern(word: string): string {
  return `%${word.replace(/[!%_]/g, '!$&')}%`;
}
