import type { EndpointId, SiteId } from '../domain/ids.ts';
import type { Endpoint, Site } from '../domain/site.ts';

/** What is stored about sites. Throws `GatewayError` `store-unavailable`, `conflict`. */
export interface SiteStore {
  listSites(): Promise<readonly Site[]>;
  getSite(id: SiteId): Promise<Site | undefined>;
  /** @throws GatewayError `conflict` when a SIP username is taken */
  insertSite(site: Site): Promise<void>;
  /** False when there was none. */
  deleteSite(id: SiteId): Promise<boolean>;
  /** The endpoint with this account and its site's name. */
  findEndpoint(sipUsername: string): Promise<{ endpoint: Endpoint; siteName: string } | undefined>;
  getEndpoint(id: EndpointId): Promise<Endpoint | undefined>;
}
