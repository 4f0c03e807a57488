import { newConference } from '../conferences/conference-input.ts';
import { ConferenceInput } from '../contract/conferences.ts';
import { SiteInput } from '../contract/sites.ts';
import { type Actor, type Principal, SYSTEM } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import { newSiteGroupId, newSiteId, type SiteGroupId, type SiteId } from '../domain/ids.ts';
import type { People } from '../people/people.ts';
import { type ComputeHa1, newEndpoints } from '../sites/endpoint-input.ts';
import type { Store } from '../store/index.ts';
import { given } from '../util/given.ts';
import type { Seed, SeedSite } from './district.ts';

export interface FillParts {
  readonly store: Store;
  readonly users: People['users'];
  readonly computeHa1: ComputeHa1;
  readonly password: () => string;
}

/** An account that was made. */
export interface MadeAccount {
  readonly login: string;
  readonly role: string;
  /** Undefined when there was such an account before: it is left as it is. */
  readonly password: string | undefined;
}

const SEEDER: Actor = { ...SYSTEM, name: 'seed' };
const ALL: Principal = { actor: SEEDER, permissions: new Set() };

/**
 * Fills an empty database.
 *
 * @throws GatewayError `conflict` when there are sites or conferences already
 */
export async function fill(seed: Seed, parts: FillParts): Promise<MadeAccount[]> {
  const { store } = parts;
  if ((await store.listSites()).length > 0 || (await store.listConferences()).length > 0)
    throw new GatewayError(
      'conflict',
      'There are sites or conferences already: seed data goes into an empty database only.',
    );
  const groupIds = seed.groups.map(() => newSiteGroupId());
  for (const [at, name] of seed.groups.entries())
    await store.insertGroup({ id: groupIds[at] as SiteGroupId, name }, SEEDER);
  const sites = seed.sites.map(site => toSite(site, groupIds, parts.computeHa1));
  await store.insertSites(sites, SEEDER);
  const idOf = (at: number) => (sites[at] as { readonly id: SiteId }).id;
  const conferences = seed.conferences.map(({ hq, members, ...conference }) =>
    ConferenceInput.parse({
      ...conference,
      members: [
        { siteId: idOf(hq), role: 'hq', dial: 'out' },
        ...members.map(at => ({ siteId: idOf(at) })),
      ],
    }),
  );
  const made = await Promise.all(conferences.map(input => newConference(ALL, input)));
  await store.insertConferences(made, SEEDER);
  const accounts: MadeAccount[] = [];
  for (const account of seed.accounts) accounts.push(await addAccount(account, groupIds, parts));
  return accounts;
}

function toSite(
  { group, ...site }: SeedSite,
  groupIds: readonly SiteGroupId[],
  computeHa1: ComputeHa1,
) {
  const id = newSiteId();
  const { endpoints, ...facts } = SiteInput.parse(site);
  const groupId = groupIds[group] as SiteGroupId;
  return {
    ...given(facts),
    name: facts.name,
    groupId,
    id,
    endpoints: newEndpoints(id, endpoints, computeHa1),
  };
}

async function addAccount(
  { group, ...account }: Seed['accounts'][number],
  groupIds: readonly SiteGroupId[],
  { users, password: newPassword }: FillParts,
): Promise<MadeAccount> {
  const { login, role } = account;
  const password = newPassword();
  const groups = group === undefined ? [] : groupIds.slice(group, group + 1);
  try {
    await users.create({ ...account, password, groupIds: groups }, SEEDER);
    return { login, role, password };
  } catch (err) {
    if (err instanceof GatewayError && err.code === 'conflict')
      return { login, role, password: undefined };
    throw err;
  }
}
