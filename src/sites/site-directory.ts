import { randomBytes } from 'node:crypto';
import type { EndpointEventView, SiteInput, SiteView } from '../contract/rest.ts';
import { newEndpointId, newSiteId, type SiteId } from '../domain/ids.ts';
import type { Endpoint, Ha1, Site } from '../domain/site.ts';
import { ENDPOINT_EVENTS, type EndpointEvent } from './endpoint-events.ts';
import type { SiteStore } from './ports.ts';
import type { Presence } from './presence.ts';
import type { Registrar } from './registrar.ts';

export interface SiteDirectoryDeps {
  readonly store: SiteStore;
  readonly registrar: Registrar;
  readonly presence: Presence;
  /** Digests of username and password under our realm; what is stored instead of the password. */
  readonly computeHa1: (sipUsername: string, sipPassword: string) => Ha1;
}

/** Sites as an administrator sees them: what is stored, and where their endpoints are now. */
export class SiteDirectory {
  readonly #deps: SiteDirectoryDeps;

  constructor(deps: SiteDirectoryDeps) {
    this.#deps = deps;
  }

  async list(): Promise<SiteView[]> {
    const sites = await this.#deps.store.listSites();
    return sites.map(site => this.#view(site));
  }

  async get(id: string): Promise<SiteView | undefined> {
    const site = await this.#deps.store.getSite(id as SiteId);
    return site && this.#view(site);
  }

  /** @throws GatewayError `conflict` when a SIP username or the number is taken */
  async create(input: SiteInput): Promise<SiteView> {
    const id = newSiteId();
    const { name, number, srtp } = input;
    const endpoints = input.endpoints.map(({ sipUsername, sipPassword, fixedAddresses }) => ({
      id: newEndpointId(),
      siteId: id,
      sipUsername,
      ha1: this.#deps.computeHa1(sipUsername, sipPassword ?? nobodysPassword()),
      fixedAddresses,
    }));
    const site: Site = { id, name, ...(number && { number }), ...(srtp && { srtp }), endpoints };
    await this.#deps.store.insertSite(site);
    return this.#view(site);
  }

  /** False when there was none. Its registrations end with it. */
  async delete(id: string): Promise<boolean> {
    const site = await this.#deps.store.getSite(id as SiteId);
    for (const { id: endpointId, sipUsername } of site?.endpoints ?? []) {
      this.#deps.registrar.forget(sipUsername);
      this.#deps.presence.forget(endpointId);
    }
    return this.#deps.store.deleteSite(id as SiteId);
  }

  /** What happened to an endpoint, the latest first; undefined when the site has no such endpoint. */
  async history(id: string, endpointId: string): Promise<EndpointEventView[] | undefined> {
    const site = await this.#deps.store.getSite(id as SiteId);
    const endpoint = site?.endpoints.find(one => one.id === endpointId);
    if (!endpoint) return undefined;
    return (await this.#deps.presence.history(endpoint.id)).map(eventView);
  }

  #view(site: Site): SiteView {
    const endpoints = site.endpoints.map(endpoint => this.#endpointView(endpoint));
    return { ...site, endpoints };
  }

  #endpointView(endpoint: Endpoint): SiteView['endpoints'][number] {
    const { id, sipUsername, fixedAddresses } = endpoint;
    const { state, sinceMs, last, roundTripMs } = this.#deps.presence.status(endpoint);
    const newest = this.#deps.registrar.bindings(sipUsername).at(-1);
    return {
      id,
      sipUsername,
      fixedAddresses: [...fixedAddresses],
      registered: newest !== undefined,
      state,
      ...(sinceMs !== undefined && { sinceMs }),
      ...(last && { reason: { code: last.kind, text: ENDPOINT_EVENTS[last.kind] } }),
      ...(roundTripMs !== undefined && { roundTripMs }),
      ...(newest && {
        contactUri: newest.contactUri,
        userAgent: newest.userAgent,
        sourceAddr: newest.sourceAddr,
        sipTransport: newest.sipTransport,
        expiresAtMs: newest.expiresAtMs,
      }),
    };
  }
}

function eventView({ atMs, kind, detail }: EndpointEvent): EndpointEventView {
  return { atMs, kind, text: ENDPOINT_EVENTS[kind], detail };
}

/** For an endpoint that has none: nobody registers as it. */
function nobodysPassword(): string {
  return randomBytes(32).toString('base64url');
}
