import type { CallList } from '../calls/call-list.ts';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { Page } from '../contract/paging.ts';
import type {
  EndpointEventView,
  SiteGroupInput,
  SiteGroupView,
  SiteInput,
  SiteListQuery,
  SitePatch,
  SiteView,
} from '../contract/sites.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import { newSiteGroupId, newSiteId, type SiteGroupId, type SiteId } from '../domain/ids.ts';
import { groupFor } from '../domain/scope.ts';
import { hasAccount, losesRegistrations, type Site } from '../domain/site.ts';
import { given } from '../util/given.ts';
import { type ComputeHa1, changedEndpoints, newEndpoints } from './endpoint-input.ts';
import type { Changed, SiteAdminStore, StoredSite } from './ports.ts';
import type { Presence } from './presence.ts';
import type { Registrar } from './registrar.ts';
import { siteStatuses } from './site-status.ts';
import { eventView, siteView } from './site-view.ts';

export interface SiteDirectoryDeps {
  readonly store: SiteAdminStore;
  readonly registrar: Registrar;
  readonly presence: Presence;
  readonly calls: Pick<CallList, 'list'>;
  readonly conferences: Pick<LiveConferences, 'list'>;
  readonly computeHa1: ComputeHa1;
}

/** Sites that are to be made and changed together. */
export interface SiteChanges {
  readonly create: readonly SiteInput[];
  readonly update: readonly { readonly id: string; readonly patch: SitePatch }[];
}

/**
 * Sites as people see and change them: what is stored, and where their endpoints are now. Who is
 * limited to groups finds nothing else.
 */
export class SiteDirectory {
  readonly #deps: SiteDirectoryDeps;

  constructor(deps: SiteDirectoryDeps) {
    this.#deps = deps;
  }

  async list(by: Principal, query: SiteListQuery): Promise<Page<SiteView>> {
    const { limit, offset, state, ...filter } = query;
    const part = state === undefined ? { limit, offset } : undefined;
    const { items, total } = await this.#deps.store.findSites({
      ...filter,
      groupIds: by.groupIds,
      part,
    });
    const views = this.#views(items);
    if (state === undefined) return { items: views, total };
    const fitting = views.filter(view => view.state === state);
    return { items: fitting.slice(offset, offset + limit), total: fitting.length };
  }

  async get(by: Principal, id: string): Promise<SiteView | undefined> {
    const site = await this.#find(by, id);
    return site && this.#views([site])[0];
  }

  /** @throws GatewayError `conflict` when a SIP username or the number is taken; `bad-request` */
  async create(by: Principal, input: SiteInput): Promise<SiteView | undefined> {
    const [id] = await this.createAll(by, [input]);
    return id === undefined ? undefined : this.get(by, id);
  }

  /** All or none; gives their ids. @throws GatewayError as `create`, with the `index` of a conflict */
  async createAll(by: Principal, inputs: readonly SiteInput[]): Promise<string[]> {
    const sites = inputs.map(input => this.#newSite(by, input));
    await this.#deps.store.insertSites(sites, by.actor);
    return sites.map(({ id }) => id);
  }

  /**
   * Changes what is given; undefined when there is none. Endpoints that go, or that get another
   * account or password, lose their registrations.
   *
   * @throws GatewayError `version-conflict`, `conflict`, `bad-request`
   */
  async update(by: Principal, id: string, patch: SitePatch): Promise<SiteView | undefined> {
    if (!(await this.#find(by, id))) return undefined;
    const change = (site: StoredSite) => this.#patched(by, site, patch);
    const { store } = this.#deps;
    const changed = await store.updateSite(id as SiteId, patch.version, change, by.actor);
    if (!changed) return undefined;
    this.#endRegistrations(changed);
    return this.#views([changed.after])[0];
  }

  /**
   * Makes new ones and changes others, all or none.
   *
   * @throws GatewayError as `create` and `update`
   */
  async saveAll(by: Principal, { create, update }: SiteChanges): Promise<void> {
    for (const { id } of update) requireFound(await this.#find(by, id));
    const created = create.map(input => this.#newSite(by, input));
    const updates = update.map(({ id, patch }) => ({
      id: id as SiteId,
      version: patch.version,
      change: (site: StoredSite) => this.#patched(by, site, patch),
    }));
    const changes = await this.#deps.store.saveSites(created, updates, by.actor);
    for (const changed of changes) this.#endRegistrations(changed);
  }

  /** False when there was none. Its registrations end with it. */
  async delete(by: Principal, id: string): Promise<boolean> {
    if (!(await this.#find(by, id))) return false;
    const deleted = await this.#deps.store.deleteSite(id as SiteId, by.actor);
    if (!deleted) return false;
    this.#endRegistrations({ before: deleted, after: { ...deleted, endpoints: [] } });
    return true;
  }

  /** What happened to an endpoint, the latest first; undefined when the site has no such endpoint. */
  async history(
    by: Principal,
    id: string,
    endpointId: string,
  ): Promise<EndpointEventView[] | undefined> {
    const site = await this.#find(by, id);
    const endpoint = site?.endpoints.find(one => one.id === endpointId);
    if (!endpoint) return undefined;
    return (await this.#deps.presence.history(endpoint.id)).map(eventView);
  }

  async listGroups(by: Principal): Promise<SiteGroupView[]> {
    const groups = await this.#deps.store.listGroups();
    return groups.filter(({ id }) => seesGroup(by, id));
  }

  /** @throws GatewayError `conflict` when the name is taken */
  async createGroup(by: Principal, { name }: SiteGroupInput): Promise<SiteGroupView> {
    const id = newSiteGroupId();
    await this.#deps.store.insertGroup({ id, name }, by.actor);
    return { id, name, siteCount: 0 };
  }

  /** Undefined when there is none. @throws GatewayError `conflict` when the name is taken */
  async renameGroup(
    by: Principal,
    id: string,
    { name }: SiteGroupInput,
  ): Promise<SiteGroupView | undefined> {
    if (!seesGroup(by, id)) return undefined;
    await this.#deps.store.renameGroup({ id: id as SiteGroupId, name }, by.actor);
    return (await this.listGroups(by)).find(group => group.id === id);
  }

  /** False when there was none; its sites stay. */
  async deleteGroup(by: Principal, id: string): Promise<boolean> {
    if (!seesGroup(by, id)) return false;
    return this.#deps.store.deleteGroup(id as SiteGroupId, by.actor);
  }

  async #find(by: Principal, id: string): Promise<StoredSite | undefined> {
    const site = await this.#deps.store.getSite(id as SiteId);
    return site && seesGroup(by, site.groupId) ? site : undefined;
  }

  #newSite(by: Principal, { endpoints, ...input }: SiteInput): Site {
    const id = newSiteId();
    const facts = { ...input, groupId: groupFor(by, input.groupId) };
    return {
      ...(given(withoutEmpty(facts)) as Omit<Site, 'id' | 'endpoints'>),
      id,
      endpoints: newEndpoints(id, endpoints, this.#deps.computeHa1),
    };
  }

  #patched(by: Principal, site: StoredSite, patch: SitePatch): Site {
    const { version: _, endpoints, ...changes } = patch;
    const { version: __, createdAtMs: ___, changedAtMs: ____, ...current } = site;
    const wanted = { ...current, ...withoutUndefined(changes) };
    const groupId =
      changes.groupId === undefined ? current.groupId : groupFor(by, changes.groupId ?? undefined);
    const { computeHa1 } = this.#deps;
    return {
      ...(given(withoutEmpty({ ...wanted, groupId })) as Omit<Site, 'endpoints'>),
      endpoints: endpoints ? changedEndpoints(site, endpoints, computeHa1) : site.endpoints,
    };
  }

  #endRegistrations({ before, after }: Changed<Site>): void {
    const { registrar, presence } = this.#deps;
    for (const endpoint of before.endpoints) {
      const next = after.endpoints.find(({ id }) => id === endpoint.id);
      if (next && !losesRegistrations(endpoint, next)) continue;
      registrar.forget(endpoint.sipUsername);
      if (!next) presence.forget(endpoint.id);
      else if (hasAccount(endpoint) || hasAccount(next)) presence.accountChanged(next.id);
    }
  }

  #views(sites: readonly StoredSite[]): SiteView[] {
    const { registrar } = this.#deps;
    return siteStatuses(sites, this.#deps).flatMap((status, index) => {
      const site = sites[index];
      return site ? [siteView(site, status, registrar)] : [];
    });
  }
}

function requireFound(site: StoredSite | undefined): void {
  if (!site) throw new GatewayError('version-conflict', 'A site was deleted meanwhile. Try again.');
}

function withoutUndefined<T extends object>(facts: T): Partial<T> {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<T>;
}

/** A field that was emptied in a form is not there. */
function withoutEmpty<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')) as T;
}
