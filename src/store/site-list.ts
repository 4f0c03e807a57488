import type { Kysely } from 'kysely';
import type { Page } from '../contract/paging.ts';
import type { SiteQuery, StoredSite } from '../sites/ports.ts';
import { numberTerms, orderOf, plainTerms, type SortTerms, textTerms } from './listing.ts';
import type { Tables } from './schema.ts';
import { type EndpointRow, type SiteRow, toStoredSite } from './site-rows.ts';
import { contains } from './text-search.ts';

/** So many ids in one query; all endpoints are read for more. */
const MAX_LISTED = 500;
/** Sites that are kept in memory. */
const MAX_KNOWN = 5_000;

const TERMS: SortTerms = {
  name: textTerms('sort_name'),
  number: numberTerms('number'),
  district: textTerms('district'),
  createdAtMs: plainTerms('created_at_ms'),
};

/** A part of the sites that match, and how many do. */
export async function findSites(
  db: Kysely<Tables>,
  query: SiteQuery,
  known: KnownSites,
): Promise<Page<StoredSite>> {
  const { groupIds, groupId, district, conferenceId, part } = query;
  let matching = db.selectFrom('site').where(contains('search', query.q));
  if (groupIds) matching = matching.where('group_id', 'in', [...groupIds, '']);
  if (groupId !== undefined) matching = matching.where('group_id', '=', groupId);
  if (district !== undefined) matching = matching.where('district', '=', district);
  if (conferenceId !== undefined)
    matching = matching.where('id', 'in', eb =>
      eb.selectFrom('conference_site').select('site_id').where('conference_id', '=', conferenceId),
    );
  let rows = matching.select(['id', 'version', 'group_id']);
  for (const term of orderOf(db, query.sort, TERMS)) rows = rows.orderBy(term);
  if (part) rows = rows.limit(part.limit).offset(part.offset);
  const items = await known.read(await rows.execute());
  if (!part) return { items, total: items.length };
  const { total } = await matching
    .select(eb => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return { items, total: Number(total) };
}

type SiteKey = Pick<SiteRow, 'id' | 'version' | 'group_id'>;

/**
 * Sites as they were read before: a list asks only which versions there are, and reads those that
 * it has not. Every change of a site or its endpoints makes a new version, but for the end of its
 * group.
 */
export class KnownSites {
  readonly #db: Kysely<Tables>;
  readonly #sites = new Map<string, StoredSite>();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** In the order they were given in; who was deleted meanwhile is left out. */
  async read(keys: readonly SiteKey[]): Promise<StoredSite[]> {
    if (this.#sites.size > MAX_KNOWN) this.#sites.clear();
    const missing = keys.filter(key => !isAsKnown(key, this.#sites.get(key.id)));
    if (missing.length > 0) await this.#readAnew(missing.map(({ id }) => id));
    return keys.flatMap(({ id }) => this.#sites.get(id) ?? []);
  }

  async #readAnew(ids: readonly string[]): Promise<void> {
    const all = this.#db.selectFrom('site').selectAll();
    const few = ids.length <= MAX_LISTED ? all.where('id', 'in', [...ids]) : all;
    const found = await withEndpoints(this.#db, await few.execute());
    const isThere = new Set<string>(found.map(({ id }) => id));
    for (const id of ids) if (!isThere.has(id)) this.#sites.delete(id);
    for (const site of found) this.#sites.set(site.id, site);
  }
}

function isAsKnown({ version, group_id }: SiteKey, site: StoredSite | undefined): boolean {
  return site?.version === version && (site.groupId ?? null) === group_id;
}

/** Sites with their endpoints, in the order they were given in. */
export async function withEndpoints(
  db: Kysely<Tables>,
  rows: readonly SiteRow[],
): Promise<StoredSite[]> {
  if (rows.length === 0) return [];
  const query = db.selectFrom('endpoint').selectAll().orderBy('position');
  const ids = rows.map(({ id }) => id);
  const few = ids.length <= MAX_LISTED ? query.where('site_id', 'in', ids) : query;
  const bySite = Map.groupBy<string, EndpointRow>(await few.execute(), row => row.site_id);
  return rows.map(row => toStoredSite(row, bySite.get(row.id) ?? []));
}
