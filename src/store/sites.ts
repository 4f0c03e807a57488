import type { Kysely, Selectable } from 'kysely';
import type { EndpointId, SiteId } from '../domain/ids.ts';
import type { Endpoint, FoundEndpoint, Site } from '../domain/site.ts';
import type { SrtpPolicy } from '../sdp/index.ts';
import type { SiteStore } from '../sites/ports.ts';
import { refuseDialled } from './dial-plan.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** Sites and endpoints in the database. */
export function siteStore(db: Kysely<Tables>): SiteStore {
  /** Asked for by every registration: the query was a tenth of the gateway's CPU for one. */
  let found = new Map<string, FoundEndpoint>();
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
        return sites.map(site => toSite(site, endpoints));
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
        // A new map, so that a query which began before puts its answer where nobody looks.
        found = new Map();
        return result.numDeletedRows > 0n;
      }),
    findEndpoint: sipUsername =>
      stored(async () => {
        const known = found;
        const earlier = known.get(sipUsername);
        if (earlier) return earlier;
        const query = endpointsWithSites(db).where('sip_username', '=', sipUsername);
        const row = await query.executeTakeFirst();
        if (!row) return undefined;
        const endpoint = toFound(row);
        known.set(sipUsername, endpoint);
        return endpoint;
      }),
    listFixedEndpoints: () =>
      stored(async () => {
        const query = endpointsWithSites(db).where('fixed_addresses', '!=', '[]');
        return (await query.orderBy('endpoint.id').execute()).map(toFound);
      }),
    findSiteByNumber: number =>
      stored(async () => {
        const query = db.selectFrom('site').selectAll().where('number', '=', number);
        const site = await query.executeTakeFirst();
        if (!site) return undefined;
        return toSite(site, await endpointsInOrder(db).where('site_id', '=', site.id).execute());
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
    const { id, name, number = null, srtp = null, endpoints } = site;
    const row = { id, name, number, srtp, created_at_ms: Date.now() };
    if (number !== null) await refuseDialled(trx, 'conference', number);
    await trx.insertInto('site').values(row).execute();
    if (endpoints.length === 0) return;
    const rows = endpoints.map((endpoint, position) => ({
      id: endpoint.id,
      site_id: id,
      sip_username: endpoint.sipUsername,
      ha1: endpoint.ha1.md5,
      ha1_sha256: endpoint.ha1.sha256 ?? null,
      fixed_addresses: JSON.stringify(endpoint.fixedAddresses),
      position,
    }));
    await trx.insertInto('endpoint').values(rows).execute();
  });
}

function endpointsInOrder(db: Kysely<Tables>) {
  return db.selectFrom('endpoint').selectAll().orderBy('position');
}

function endpointsWithSites(db: Kysely<Tables>) {
  return db
    .selectFrom('endpoint')
    .innerJoin('site', 'site.id', 'endpoint.site_id')
    .selectAll('endpoint')
    .select(['site.name as site_name', 'site.number as site_number', 'site.srtp as site_srtp']);
}

type EndpointRow = Selectable<Tables['endpoint']>;
type SiteRow = Pick<Selectable<Tables['site']>, 'id' | 'name' | 'number' | 'srtp'>;

function toSite(site: SiteRow, endpoints: readonly EndpointRow[]): Site {
  const own = endpoints.filter(endpoint => endpoint.site_id === site.id);
  return { ...toSiteAlone(site), endpoints: own.map(toEndpoint) };
}

function toSiteAlone({ id, name, number, srtp }: SiteRow): FoundEndpoint['site'] {
  return {
    id: id as SiteId,
    name,
    ...(number !== null && { number }),
    ...(srtp !== null && { srtp: srtp as SrtpPolicy }),
  };
}

function toFound(
  row: EndpointRow & { site_name: string; site_number: string | null; site_srtp: string | null },
): FoundEndpoint {
  const { site_id: id, site_name: name, site_number: number, site_srtp: srtp } = row;
  return { endpoint: toEndpoint(row), site: toSiteAlone({ id, name, number, srtp }) };
}

function toEndpoint(row: EndpointRow): Endpoint {
  return {
    id: row.id as EndpointId,
    siteId: row.site_id as SiteId,
    sipUsername: row.sip_username,
    ha1: { md5: row.ha1, sha256: row.ha1_sha256 ?? undefined },
    fixedAddresses: JSON.parse(row.fixed_addresses),
  };
}
