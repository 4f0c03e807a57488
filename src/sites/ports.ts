import type { EndpointId, SiteId } from '../domain/ids.ts';
import type { Binding, Endpoint, FoundEndpoint, Site } from '../domain/site.ts';
import type { EndpointEvent } from './endpoint-events.ts';

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

/** Where endpoints are registered, over restarts. Throws `GatewayError` `store-unavailable`. */
export interface BindingStore {
  /** By account, in the order of their registration. */
  loadBindings(): Promise<ReadonlyMap<string, readonly Binding[]>>;
  /** Replaces an account's bindings; when it resolves they survive a crash. */
  saveBindings(sipUsername: string, bindings: readonly Binding[]): Promise<void>;
}

/** What happened to endpoints. Throws `GatewayError` `store-unavailable`. */
export interface EndpointEventStore {
  /** Keeps the last `keep` of the endpoint. */
  addEndpointEvent(event: EndpointEvent, keep: number): Promise<void>;
  /** The latest first. */
  listEndpointEvents(id: EndpointId, limit: number): Promise<readonly EndpointEvent[]>;
  /** The latest of each endpoint. */
  lastEndpointEvents(): Promise<readonly EndpointEvent[]>;
}

/** What came of asking an endpoint whether it is there. */
export type ProbeResult =
  | { readonly kind: 'answered'; readonly roundTripMs: number }
  | { readonly kind: 'no-answer' | 'connection-closed' }
  /** We could not ask: that says nothing of the endpoint. */
  | { readonly kind: 'not-asked' };

/** Asks an endpoint whether it is there; OPTIONS, RFC 3261 §11. Never rejects. */
export interface EndpointProbe {
  probe(target: ProbeTarget): Promise<ProbeResult>;
}

export interface ProbeTarget {
  /** Request-URI. */
  readonly uri: string;
  /** Where the packet goes when not where the URI says, `host:port`: behind NAT the URI is of no use. */
  readonly udpAddr?: string;
}
