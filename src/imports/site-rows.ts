/** Rows of a table as sites: several rows may be one site, and one row may have several endpoints. */
import type { ImportProblem } from '../contract/jobs.ts';
import { bare, type Columns, type Place } from './columns.ts';
import { problem } from './problems.ts';
import {
  ENDPOINT_KEYS,
  type EndpointKey,
  SITE_KEYS,
  type SiteColumnKey,
  type SiteKey,
} from './site-columns.ts';
import type { Table } from './table.ts';
import { digits, withoutGuard } from './values.ts';

/** A cell, and where it stands. */
export interface Cell {
  readonly text: string;
  readonly row: number;
  readonly place: Place<SiteColumnKey>;
}

export type Cells<Key extends string> = Partial<Record<Key, Cell>>;

/** A site as its rows say it, not yet checked. */
export interface SiteDraft {
  /** Of its first row. */
  readonly row: number;
  /** How many rows it has. */
  rows: number;
  readonly site: Cells<SiteKey>;
  readonly endpoints: Cells<EndpointKey>[];
  readonly problems: ImportProblem[];
}

/** The sites of a table in the order of their first rows. */
export function siteDrafts(table: Table, { places }: Columns<SiteColumnKey>): SiteDraft[] {
  const drafts = new Map<string, SiteDraft>();
  let last: SiteDraft | undefined;
  for (const { row, cells } of table.rows) {
    const read = readRow(row, cells, places);
    const key = keyOf(read.site);
    const known = key === undefined ? last : drafts.get(key);
    if (known) addRow(known, row, read);
    else {
      last = { row, rows: 1, ...read, problems: [] };
      drafts.set(key ?? `row ${row}`, last);
    }
    last = known ?? last;
  }
  return [...drafts.values()];
}

interface Read {
  readonly site: Cells<SiteKey>;
  readonly endpoints: Cells<EndpointKey>[];
}

function readRow(
  row: number,
  cells: readonly string[],
  places: readonly Place<SiteColumnKey>[],
): Read {
  const site: Cells<SiteKey> = {};
  const endpoints = new Map<number, Cells<EndpointKey>>();
  for (const place of places) {
    const text = withoutGuard(cells[place.index] ?? '').trim();
    if (text === '') continue;
    const cell = { text, row, place };
    if (isSiteKey(place.key)) site[place.key] = cell;
    else {
      const endpoint = endpoints.get(place.ordinal) ?? {};
      endpoints.set(place.ordinal, endpoint);
      endpoint[place.key] = cell;
    }
  }
  const inOrder = [...endpoints].sort(([a], [b]) => a - b).map(([, endpoint]) => endpoint);
  return { site, endpoints: inOrder };
}

/** One more row of a site: more endpoints, and nothing of the site that is otherwise. */
function addRow(draft: SiteDraft, row: number, { site, endpoints }: Read): void {
  draft.rows += 1;
  if (endpoints.length === 0) {
    draft.problems.push(problem('row-twice', { row, other: draft.row }));
    return;
  }
  if (isOther(draft.site, site)) {
    const { number } = site;
    if (number) draft.problems.push(cellProblem('twice-in-file', number, draft.row));
    return;
  }
  for (const key of SITE_KEYS) {
    const cell = site[key];
    if (!cell) continue;
    const first = draft.site[key];
    if (!first) draft.site[key] = cell;
    else if (bare(first.text) !== bare(cell.text))
      draft.problems.push(
        problem('contradicts', {
          row,
          column: cell.place.head,
          value: cell.text,
          other: first.row,
        }),
      );
  }
  draft.endpoints.push(...endpoints);
}

/** Another name under the same number: somebody gave the number twice. */
function isOther({ name: first }: Cells<SiteKey>, { name }: Cells<SiteKey>): boolean {
  return first !== undefined && name !== undefined && bare(first.text) !== bare(name.text);
}

/** Rows with the same are one site; a row without either goes with the one before it. */
function keyOf({ number, name }: Cells<SiteKey>): string | undefined {
  if (number) return `number ${digits(number.text)}`;
  return name && `name ${bare(name.text)}`;
}

function isSiteKey(key: SiteColumnKey): key is SiteKey {
  return !ENDPOINT_KEYS.includes(key as EndpointKey);
}

/** What is wrong with a cell; a password is not told again. */
export function cellProblem(
  code: Parameters<typeof problem>[0],
  { row, place, text }: Cell,
  other?: string | number,
): ImportProblem {
  const value = place.key === 'sipPassword' ? undefined : text;
  return problem(code, { row, column: place.head, value, allowed: place.column.allowed, other });
}
