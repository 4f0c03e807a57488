import type { SiteStatus } from '../contract/admin-events.ts';
import type { EndpointEventView, EndpointView, SiteView } from '../contract/sites.ts';
import { type Endpoint, hasAccount } from '../domain/site.ts';
import { ENDPOINT_EVENTS, type EndpointEvent } from './endpoint-events.ts';
import type { StoredSite } from './ports.ts';
import type { Registrar } from './registrar.ts';

/** A site as an administrator sees it: what is stored of it, and how it is now. */
export function siteView(
  site: StoredSite,
  status: SiteStatus,
  registrar: Pick<Registrar, 'bindings'>,
): SiteView {
  const endpoints = site.endpoints.flatMap((endpoint, index) => {
    const now = status.endpoints[index];
    return now ? [endpointView(endpoint, now, registrar)] : [];
  });
  return { ...site, ...status, endpoints };
}

function endpointView(
  endpoint: Endpoint,
  status: SiteStatus['endpoints'][number],
  registrar: Pick<Registrar, 'bindings'>,
): EndpointView {
  const { ha1, siteId: _, sipUsername, isBackup, fixedAddresses, ...facts } = endpoint;
  const newest = registrar.bindings(sipUsername).at(-1);
  return {
    ...facts,
    ...status,
    ...(hasAccount(endpoint) && { sipUsername }),
    hasPassword: ha1 !== undefined,
    fixedAddresses: [...fixedAddresses],
    role: isBackup ? 'backup' : 'main',
    registered: newest !== undefined,
    ...(newest && {
      contactUri: newest.contactUri,
      userAgent: newest.userAgent,
      sourceAddr: newest.sourceAddr,
      sipTransport: newest.sipTransport,
      expiresAtMs: newest.expiresAtMs,
    }),
  };
}

export function eventView({ atMs, kind, detail }: EndpointEvent): EndpointEventView {
  return { atMs, kind, text: ENDPOINT_EVENTS[kind], detail };
}
