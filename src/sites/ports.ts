import type { EndpointId, SiteId } from '../domain/ids.ts';
import type { Endpoint, FoundEndpoint, Site } from '../domain/site.ts';

/** What is stored about sites. Throws `GatewayError` `store-unavailable`, `conflict`. */
export interface SiteStore {
  listSites(): Promise<readonly Site[]>;
  getSite(id: SiteId): Promise<Site | undefined>;
  /** @throws GatewayError `conflict` when a SIP username or the number is taken */
  insertSite(site: Site): Promise<void>;
  /** False when there was none. */
  deleteSite(id: SiteId): Promise<boolean>;
  /** The endpoint with this account, and its site. */
  findEndpoint(sipUsername: string): Promise<FoundEndpoint | undefined>;
  /** All endpoints that have fixed addresses, and their sites. */
  listFixedEndpoints(): Promise<readonly FoundEndpoint[]>;
  findSiteByNumber(number: string): Promise<Site | undefined>;
  getEndpoint(id: EndpointId): Promise<Endpoint | undefined>;
}
