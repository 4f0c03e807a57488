import type { Kysely, Selectable } from 'kysely';
import type { EndpointId, SiteId } from '../domain/ids.ts';
import type { Endpoint, Site } from '../domain/site.ts';
import type { SiteStore } from '../sites/ports.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** Sites and endpoints in the database. */
export function siteStore(db: Kysely<Tables>): SiteStore {
  return {
    listSites: () =>
      stored(async () => {
        const sites = await db
          .selectFrom('site')
          .selectAll()
          .orderBy('name')
          .orderBy('id')
          .execute();
        const endpoints = await endpointsInOrder(db).execute();
        return sites.map(({ id, name }) => toSite({ id, name }, endpoints));
      }),
    getSite: id =>
      stored(async () => {
        const site = await db
          .selectFrom('site')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        if (!site) return undefined;
        return toSite(site, await endpointsInOrder(db).where('site_id', '=', id).execute());
      }),
    insertSite: site => stored(() => insertSite(db, site)),
    deleteSite: id =>
      stored(async () => {
        const result = await db.deleteFrom('site').where('id', '=', id).executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),
    findEndpoint: sipUsername =>
      stored(async () => {
        const row = await db
          .selectFrom('endpoint')
          .innerJoin('site', 'site.id', 'endpoint.site_id')
          .selectAll('endpoint')
          .select('site.name as site_name')
          .where('sip_username', '=', sipUsername)
          .executeTakeFirst();
        return row && { endpoint: toEndpoint(row), siteName: row.site_name };
      }),
    getEndpoint: id =>
      stored(async () => {
        const query = db.selectFrom('endpoint').selectAll().where('id', '=', id);
        const row = await query.executeTakeFirst();
        return row && toEndpoint(row);
      }),
  };
}

function insertSite(db: Kysely<Tables>, site: Site): Promise<void> {
  return db.transaction().execute(async trx => {
    const { id, name, endpoints } = site;
    await trx.insertInto('site').values({ id, name, created_at_ms: Date.now() }).execute();
    if (endpoints.length === 0) return;
    const rows = endpoints.map((endpoint, position) => ({
      id: endpoint.id,
      site_id: id,
      sip_username: endpoint.sipUsername,
      ha1: endpoint.ha1,
      position,
    }));
    await trx.insertInto('endpoint').values(rows).execute();
  });
}

function endpointsInOrder(db: Kysely<Tables>) {
  return db.selectFrom('endpoint').selectAll().orderBy('position');
}

type EndpointRow = Selectable<Tables['endpoint']>;

function toSite(site: { id: string; name: string }, endpoints: readonly EndpointRow[]): Site {
  const own = endpoints.filter(endpoint => endpoint.site_id === site.id);
  return { id: site.id as SiteId, name: site.name, endpoints: own.map(toEndpoint) };
}

function toEndpoint(row: EndpointRow): Endpoint {
  return {
    id: row.id as EndpointId,
    siteId: row.site_id as SiteId,
    sipUsername: row.sip_username,
    ha1: row.ha1,
  };
}
