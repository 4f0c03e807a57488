import type { Page } from '../contract/paging.ts';
import type { Actor } from '../domain/actor.ts';
import type { EndpointId, SiteGroupId, SiteId } from '../domain/ids.ts';
import type { Binding, Endpoint, FoundEndpoint, Site, SiteGroup } from '../domain/site.ts';
import type { Stored } from '../domain/stored.ts';
import type { EndpointEvent } from './endpoint-events.ts';

/** What calls have to know of sites. Throws `GatewayError` `store-unavailable`. */
export interface SiteStore {
  listSites(): Promise<readonly Site[]>;
  getSite(id: SiteId): Promise<Site | undefined>;
  /** The endpoint with this account, or with this id where it has none, and its site. */
  findEndpoint(sipUsername: string): Promise<FoundEndpoint | undefined>;
  /** All endpoints that have fixed addresses, and their sites. */
  listFixedEndpoints(): Promise<readonly FoundEndpoint[]>;
  findSiteByNumber(number: string): Promise<Site | undefined>;
  getEndpoint(id: EndpointId): Promise<Endpoint | undefined>;
}

export type StoredSite = Site & Stored;

/** Which sites, and in which order. */
export interface SiteQuery {
  /** Words that have to be in it. */
  readonly q?: string | undefined;
  /** Only those of these groups; all when undefined. */
  readonly groupIds?: ReadonlySet<string> | undefined;
  readonly groupId?: string | undefined;
  readonly district?: string | undefined;
  readonly conferenceId?: string | undefined;
  /** A field, with `-` before it for the other direction. */
  readonly sort: string;
  /** All when undefined. */
  readonly part?: { readonly limit: number; readonly offset: number } | undefined;
}

/** A change of one site, on top of the version that was seen. */
export interface SiteUpdate {
  readonly id: SiteId;
  readonly version: number;
  /** Gives the site as it is to be. */
  readonly change: (site: StoredSite) => Site;
}

/** A thing as it was and as it is. */
export interface Changed<T> {
  readonly before: T;
  readonly after: T;
}

/**
 * Sites as people change them. Every change is one transaction, with its row in the audit log.
 * Throws `GatewayError` `store-unavailable`; `conflict` with the field when a SIP username, a number
 * or a name is taken, and `bad-request` for a group that is not there.
 */
export interface SiteAdminStore extends SiteStore {
  getSite(id: SiteId): Promise<StoredSite | undefined>;
  findSites(query: SiteQuery): Promise<Page<StoredSite>>;
  /** All or none; a `conflict` has the `index` of the first that cannot be. */
  insertSites(sites: readonly Site[], by: Actor): Promise<void>;
  /**
   * Undefined when there is none. Registrations of accounts that go or change their password end.
   *
   * @param version the one that was seen
   * @param change gives the site as it is to be; what it throws leaves all as it was
   * @throws GatewayError `version-conflict`
   */
  updateSite(
    id: SiteId,
    version: number,
    change: (site: StoredSite) => Site,
    by: Actor,
  ): Promise<Changed<StoredSite> | undefined>;
  /**
   * New sites and changed ones, all or none; a `conflict` has the `index` in the list of both.
   *
   * @throws GatewayError `version-conflict`, also for one that is gone
   */
  saveSites(
    inserted: readonly Site[],
    updated: readonly SiteUpdate[],
    by: Actor,
  ): Promise<readonly Changed<StoredSite>[]>;
  /** What was deleted; undefined when there was none. */
  deleteSite(id: SiteId, by: Actor): Promise<Site | undefined>;
  /** In the order of their names. */
  listGroups(): Promise<readonly (SiteGroup & { readonly siteCount: number })[]>;
  insertGroup(group: SiteGroup, by: Actor): Promise<void>;
  /** False when there is none. */
  renameGroup(group: SiteGroup, by: Actor): Promise<boolean>;
  /** False when there was none. What was in it stays, in no group. */
  deleteGroup(id: SiteGroupId, by: Actor): Promise<boolean>;
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
