import type { Insertable, Selectable } from 'kysely';
import type { SceneLayout } from '../contract/layout.ts';
import type { EndpointId, SiteGroupId, SiteId } from '../domain/ids.ts';
import { type Endpoint, type FoundEndpoint, hasAccount, type Site } from '../domain/site.ts';
import type { SrtpPolicy } from '../sdp/index.ts';
import type { StoredSite } from '../sites/ports.ts';
import { given } from '../util/given.ts';
import { searchText } from '../util/search-text.ts';
import type { Tables } from './schema.ts';

export type EndpointRow = Selectable<Tables['endpoint']>;
export type SiteRow = Selectable<Tables['site']>;

export function toStoredSite(row: SiteRow, endpoints: readonly EndpointRow[]): StoredSite {
  return {
    ...toSiteAlone(row),
    endpoints: endpoints.map(toEndpoint),
    version: row.version,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
  };
}

/** A site as calls know it. */
export function toSiteAlone(row: SiteRow): FoundEndpoint['site'] {
  return {
    id: row.id as SiteId,
    name: row.name,
    ...given({
      number: row.number,
      district: row.district,
      commune: row.commune,
      contactName: row.contact_name,
      contactPhone: row.contact_phone,
      notes: row.notes,
      lineSpeedBps: row.line_speed_bps,
      srtp: row.srtp as SrtpPolicy | null,
      layout: row.layout as SceneLayout | null,
      groupId: row.group_id as SiteGroupId | null,
    }),
  };
}

export function toEndpoint(row: EndpointRow): Endpoint {
  return {
    id: row.id as EndpointId,
    siteId: row.site_id as SiteId,
    sipUsername: row.sip_username ?? row.id,
    ...(row.ha1 !== null && { ha1: { md5: row.ha1, sha256: row.ha1_sha256 ?? undefined } }),
    fixedAddresses: JSON.parse(row.fixed_addresses),
    ...given({
      dialAddress: row.dial_address,
      dialTransport: row.dial_transport as Endpoint['dialTransport'],
      vendor: row.vendor,
      model: row.model,
      quirks: row.quirks,
    }),
    ...(row.is_backup === 1 && { isBackup: true }),
  };
}

type SiteColumns = Omit<
  Insertable<Tables['site']>,
  'version' | 'created_at_ms' | 'changed_at_ms' | 'id'
>;

export function siteColumns(site: Site): SiteColumns {
  return {
    name: site.name,
    number: site.number ?? null,
    district: site.district ?? null,
    commune: site.commune ?? null,
    contact_name: site.contactName ?? null,
    contact_phone: site.contactPhone ?? null,
    notes: site.notes ?? null,
    line_speed_bps: site.lineSpeedBps ?? null,
    srtp: site.srtp ?? null,
    layout: site.layout ?? null,
    group_id: site.groupId ?? null,
    search: wordsOf(site),
    sort_name: searchText(site.name),
  };
}

export function endpointRow(endpoint: Endpoint, position: number): EndpointRow {
  return {
    id: endpoint.id,
    site_id: endpoint.siteId,
    sip_username: hasAccount(endpoint) ? endpoint.sipUsername : null,
    ha1: endpoint.ha1?.md5 ?? null,
    ha1_sha256: endpoint.ha1?.sha256 ?? null,
    fixed_addresses: JSON.stringify(endpoint.fixedAddresses),
    dial_address: endpoint.dialAddress ?? null,
    dial_transport: endpoint.dialTransport ?? null,
    vendor: endpoint.vendor ?? null,
    model: endpoint.model ?? null,
    quirks: endpoint.quirks ?? null,
    is_backup: endpoint.isBackup ? 1 : 0,
    position,
  };
}

/** What a site is found by. */
function wordsOf({ endpoints, ...site }: Site): string {
  const { name, number, district, commune, contactName, contactPhone } = site;
  const devices = endpoints.flatMap(one => [
    hasAccount(one) ? one.sipUsername : undefined,
    one.vendor,
    one.model,
    one.dialAddress,
  ]);
  const parts = [name, number, district, commune, contactName, contactPhone, ...devices];
  return searchText(parts.filter(part => part !== undefined).join(' '));
}
