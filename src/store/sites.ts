import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { FoundEndpoint } from '../domain/site.ts';
import type { SiteAdminStore, StoredSite } from '../sites/ports.ts';
import { stored } from './errors.ts';
import { groupStore } from './groups.ts';
import type { Tables } from './schema.ts';
import { siteChanges } from './site-changes.ts';
import { findSites, KnownSites, withEndpoints } from './site-list.ts';
import { type SiteRow, toEndpoint, toSiteAlone } from './site-rows.ts';

type Database = Kysely<Tables>;

/** Sites and endpoints in the database. */
export function siteStore(db: Database): SiteAdminStore {
  /** Asked for by every registration: the query was a tenth of the gateway's CPU for one. */
  let found = new Map<string, FoundEndpoint>();
  // A new map, so that a query which began before puts its answer where nobody looks.
  const forgetFound = () => {
    found = new Map();
  };
  const known = new KnownSites(db);
  const sites = () => db.selectFrom('site').selectAll();
  return {
    ...groupStore(db),
    ...siteChanges(db, forgetFound),
    findSites: query => stored(() => findSites(db, query, known)),
    listSites: () =>
      stored(async () => withEndpoints(db, await sites().orderBy('name').orderBy('id').execute())),
    getSite: id => stored(async () => one(db, sites().where('id', '=', id))),
    findSiteByNumber: number => stored(async () => one(db, sites().where('number', '=', number))),
    findEndpoint: sipUsername =>
      stored(async () => {
        const accounts = found;
        const earlier = accounts.get(sipUsername);
        if (earlier) return earlier;
        const query = db.selectFrom('endpoint').selectAll();
        const account = query.where('sip_username', '=', sipUsername);
        const nameless = query.where('id', '=', sipUsername).where('sip_username', 'is', null);
        const row = (await account.executeTakeFirst()) ?? (await nameless.executeTakeFirst());
        if (!row) return undefined;
        const site = await sites().where('id', '=', row.site_id).executeTakeFirst();
        if (!site) return undefined; // deleted between the two queries
        const endpoint = { endpoint: toEndpoint(row), site: toSiteAlone(site) };
        accounts.set(sipUsername, endpoint);
        return endpoint;
      }),
    listFixedEndpoints: () =>
      stored(async () => {
        const query = db.selectFrom('endpoint').selectAll().where('fixed_addresses', '!=', '[]');
        const rows = await query.orderBy('id').execute();
        const ids = [...new Set(rows.map(row => row.site_id))];
        if (ids.length === 0) return [];
        const owners = await sites().where('id', 'in', ids).execute();
        const byId = new Map(owners.map(site => [site.id, toSiteAlone(site)]));
        return rows.flatMap(row => {
          const site = byId.get(row.site_id);
          return site ? [{ endpoint: toEndpoint(row), site }] : [];
        });
      }),
    getEndpoint: id =>
      stored(async () => {
        const query = db.selectFrom('endpoint').selectAll().where('id', '=', id);
        const row = await query.executeTakeFirst();
        return row && toEndpoint(row);
      }),
  };
}

async function one(
  db: Database,
  query: SelectQueryBuilder<Tables, 'site', SiteRow>,
): Promise<StoredSite | undefined> {
  const row = await query.executeTakeFirst();
  return row && (await withEndpoints(db, [row]))[0];
}
