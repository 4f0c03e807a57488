import { isForSite } from '../../src/conferences/members.ts';
import type {
  ConferenceStore,
  OrderStore,
  PassStore,
  StoredOrder,
  StoredPass,
} from '../../src/conferences/ports.ts';
import type { Conference } from '../../src/domain/conference.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { ConferenceId, EndpointId, SiteId } from '../../src/domain/ids.ts';
import type { Binding, Endpoint, FoundEndpoint, Site } from '../../src/domain/site.ts';
import { wrongField } from '../../src/domain/wrong-field.ts';
import type { EndpointEvent } from '../../src/sites/endpoint-events.ts';
import type { BindingStore, EndpointEventStore, SiteStore } from '../../src/sites/ports.ts';

/** What calls ask of the store, in memory; people’s changes need the real one. */
export class MemoryStore
  implements SiteStore, ConferenceStore, PassStore, OrderStore, BindingStore, EndpointEventStore
{
  readonly #sites = new Map<SiteId, Site>();
  readonly #conferences = new Map<ConferenceId, Conference>();
  readonly #bindings = new Map<string, readonly Binding[]>();
  readonly #passes = new Map<string, StoredPass>();
  readonly #orders = new Map<ConferenceId, StoredOrder>();
  #events: EndpointEvent[] = [];

  async listSites(): Promise<readonly Site[]> {
    return [...this.#sites.values()];
  }

  async getSite(id: SiteId): Promise<Site | undefined> {
    return this.#sites.get(id);
  }

  async insertSite(site: Site): Promise<void> {
    const names = site.endpoints.map(endpoint => endpoint.sipUsername);
    const taken = this.#endpoints().some(({ sipUsername }) => names.includes(sipUsername));
    if (taken || new Set(names).size < names.length)
      throw new GatewayError('conflict', 'This SIP username is taken.', {
        details: { field: 'sipUsername' },
      });
    this.#refuseDialled(site.number);
    this.#sites.set(site.id, site);
  }

  async deleteSite(id: SiteId): Promise<boolean> {
    for (const { id: endpointId, sipUsername } of this.#sites.get(id)?.endpoints ?? []) {
      this.#bindings.delete(sipUsername);
      this.#events = this.#events.filter(event => event.endpointId !== endpointId);
    }
    for (const conference of this.#conferences.values()) this.#takeSiteFrom(conference, id);
    return this.#sites.delete(id);
  }

  #takeSiteFrom(conference: Conference, id: SiteId): void {
    const members = conference.members.filter(({ siteId }) => siteId !== id);
    this.#conferences.set(conference.id, { ...conference, members });
  }

  async findEndpoint(sipUsername: string) {
    const endpoint = this.#endpoints().find(one => one.sipUsername === sipUsername);
    const site = endpoint && this.#sites.get(endpoint.siteId);
    return endpoint && site && found(endpoint, site);
  }

  async listFixedEndpoints() {
    return [...this.#sites.values()].flatMap(site =>
      site.endpoints
        .filter(endpoint => endpoint.fixedAddresses.length > 0)
        .map(endpoint => found(endpoint, site)),
    );
  }

  async findSiteByNumber(number: string): Promise<Site | undefined> {
    return [...this.#sites.values()].find(site => site.number === number);
  }

  async getEndpoint(id: EndpointId): Promise<Endpoint | undefined> {
    return this.#endpoints().find(endpoint => endpoint.id === id);
  }

  async listConferences(): Promise<readonly Conference[]> {
    return [...this.#conferences.values()];
  }

  async getConference(id: ConferenceId): Promise<Conference | undefined> {
    return this.#conferences.get(id);
  }

  async findByNumber(number: string): Promise<Conference | undefined> {
    return (await this.listConferences()).find(conference => conference.number === number);
  }

  async findByAlias(alias: string): Promise<Conference | undefined> {
    return (await this.listConferences()).find(conference => conference.alias === alias);
  }

  async insertConference(conference: Conference): Promise<void> {
    for (const field of ['number', 'alias'] as const)
      if ([...this.#conferences.values()].some(other => other[field] === conference[field]))
        throw new GatewayError('conflict', `This ${field} is taken.`, { details: { field } });
    this.#refuseDialled(conference.number);
    this.#requireSites(conference.members.map(({ siteId }) => siteId));
    this.#conferences.set(conference.id, conference);
  }

  async deleteConference(id: ConferenceId): Promise<boolean> {
    return this.#conferences.delete(id);
  }

  async listConferencesOfSite(id: SiteId): Promise<readonly Conference[]> {
    return [...this.#conferences.values()].filter(one => isForSite(one, id));
  }

  async listPasses(): Promise<readonly StoredPass[]> {
    return [...this.#passes.values()];
  }

  async savePass(pass: StoredPass): Promise<void> {
    this.#passes.set(pass.tokenHash, pass);
  }

  async deletePasses(tokenHashes: readonly string[]): Promise<void> {
    for (const one of tokenHashes) this.#passes.delete(one);
  }

  async listOrders(): Promise<readonly StoredOrder[]> {
    return [...this.#orders.values()];
  }

  async saveOrder(order: StoredOrder): Promise<void> {
    this.#orders.set(order.conferenceId, order);
  }

  async deleteOrder(id: ConferenceId): Promise<void> {
    this.#orders.delete(id);
  }

  async loadBindings(): Promise<ReadonlyMap<string, readonly Binding[]>> {
    return new Map(this.#bindings);
  }

  async saveBindings(sipUsername: string, bindings: readonly Binding[]): Promise<void> {
    if (bindings.length > 0) this.#bindings.set(sipUsername, bindings);
    else this.#bindings.delete(sipUsername);
  }

  async addEndpointEvent(event: EndpointEvent, keep: number): Promise<void> {
    const own = this.#events.filter(({ endpointId }) => endpointId === event.endpointId);
    const dropped = new Set(own.slice(0, Math.max(0, own.length + 1 - keep)));
    this.#events = [...this.#events.filter(other => !dropped.has(other)), event];
  }

  async listEndpointEvents(id: EndpointId, limit: number): Promise<readonly EndpointEvent[]> {
    const own = this.#events.filter(({ endpointId }) => endpointId === id);
    return own.reverse().slice(0, limit);
  }

  async lastEndpointEvents(): Promise<readonly EndpointEvent[]> {
    return [...new Map(this.#events.map(event => [event.endpointId, event])).values()];
  }

  #requireSites(ids: readonly SiteId[]): void {
    if (ids.some(id => !this.#sites.has(id))) throw wrongField('members', 'No such site.');
  }

  #refuseDialled(number: string | undefined): void {
    const taken = [...this.#sites.values(), ...this.#conferences.values()];
    if (number !== undefined && taken.some(other => other.number === number))
      throw new GatewayError('conflict', 'This number is taken.', { details: { field: 'number' } });
  }

  #endpoints(): Endpoint[] {
    return [...this.#sites.values()].flatMap(site => site.endpoints);
  }
}

function found(endpoint: Endpoint, { endpoints: _, ...site }: Site): FoundEndpoint {
  return { endpoint, site };
}
