import { randomBytes } from 'node:crypto';
import type { SiteInput, SiteView } from '../contract/rest.ts';
import { newEndpointId, newSiteId, type SiteId } from '../domain/ids.ts';
import type { Endpoint, Site } from '../domain/site.ts';
import type { SiteStore } from './ports.ts';
import type { Registrar } from './registrar.ts';

export interface SiteDirectoryDeps {
  readonly store: SiteStore;
  readonly registrar: Registrar;
  /** Digest of username and password under our realm; what is stored instead of the password. */
  readonly computeHa1: (sipUsername: string, sipPassword: string) => string;
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
    for (const { sipUsername } of site?.endpoints ?? []) this.#deps.registrar.forget(sipUsername);
    return this.#deps.store.deleteSite(id as SiteId);
  }

  #view(site: Site): SiteView {
    const endpoints = site.endpoints.map(endpoint => this.#endpointView(endpoint));
    return { ...site, endpoints };
  }

  #endpointView({ id, sipUsername, fixedAddresses }: Endpoint): SiteView['endpoints'][number] {
    const newest = this.#deps.registrar.bindings(sipUsername).at(-1);
    return {
      id,
      sipUsername,
      fixedAddresses: [...fixedAddresses],
      registered: newest !== undefined,
      ...(newest && { contactUri: newest.contactUri, userAgent: newest.userAgent }),
    };
  }
}

/** For an endpoint that has none: nobody registers as it. */
function nobodysPassword(): string {
  return randomBytes(32).toString('base64url');
}
