import { parse } from 'csv-parse/sync';
import { decodeText } from './decode-text.ts';
import { type Table, type TableRow, tableOf } from './table.ts';

/** Excel in Vietnamese writes `;`, in English `,`; what is copied out of it has tabs. */
const SEPARATORS = [';', ',', '\t'] as const;

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Undefined when there is nothing in it.
 *
 * @throws Error when quotes do not end
 */
export function readCsv(bytes: Uint8Array): Table | undefined {
  const text = decodeText(bytes);
  // A first line that says the separator, as Excel takes it.
  const [said, separator] = /^sep=(.)\r?\n/.exec(text) ?? ['', undefined];
  const parsed = parse(text.slice(said.length), {
    delimiter: separator ?? separatorOf(text),
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
  }) as unknown as Parsed[];
  const first = said === '' ? 1 : 2;
  const lines = parsed.map(({ record: cells }, at): TableRow => ({ row: at + first, cells }));
  return tableOf(lines);
}

/** The one that the first line has most of, outside of quotes. */
function separatorOf(text: string): string {
  const firstLine = /^(?:\s*\r?\n)*((?:"[^"]*"|[^"\r\n])*)/.exec(text)?.[1] ?? '';
  const bare = firstLine.replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map(separator => bare.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}
