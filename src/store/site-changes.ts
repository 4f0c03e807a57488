import type { Kysely } from 'kysely';
import type { Actor } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { SiteId } from '../domain/ids.ts';
import { type Endpoint, hasAccount, losesRegistrations, type Site } from '../domain/site.ts';
import type { Changed, SiteAdminStore, SiteUpdate, StoredSite } from '../sites/ports.ts';
import { difference, recordChange } from './audit.ts';
import { refuseDialled } from './dial-plan.ts';
import { stored, storedAt } from './errors.ts';
import { requireGroup } from './groups.ts';
import type { Tables } from './schema.ts';
import { endpointRow, siteColumns, toStoredSite } from './site-rows.ts';
import { claimVersion } from './versions.ts';

type Database = Kysely<Tables>;

/**
 * How sites change in the database.
 *
 * @param onChange told after every change that stands
 */
export function siteChanges(
  db: Database,
  onChange: () => void,
): Pick<SiteAdminStore, 'insertSites' | 'saveSites' | 'updateSite' | 'deleteSite'> {
  const changed = async <T>(step: (trx: Database) => Promise<T>): Promise<T> => {
    const result = await stored(() => db.transaction().execute(step));
    onChange();
    return result;
  };
  return {
    insertSites: (sites, by) =>
      changed(async trx => {
        for (const [index, site] of sites.entries())
          await storedAt(index, () => insert(trx, site, by));
      }),
    saveSites: (inserted, updated, by) =>
      changed(async trx => {
        const changes: Changed<StoredSite>[] = [];
        // Changed ones first: they may give up what new ones take.
        for (const [at, one] of updated.entries())
          changes.push(await storedAt(inserted.length + at, () => required(trx, one, by)));
        for (const [at, site] of inserted.entries())
          await storedAt(at, () => insert(trx, site, by));
        return changes;
      }),
    updateSite: (id, version, change, by) =>
      changed(trx => update(trx, { id, version, change }, by)),
    deleteSite: (id, by) =>
      changed(async trx => {
        const row = await trx.selectFrom('site').select('id').where('id', '=', id).execute();
        if (row.length === 0) return undefined;
        const site = await read(trx, id);
        await trx.deleteFrom('site').where('id', '=', id).execute();
        const before = siteFacts(site);
        await recordChange(trx, by, { action: 'deleted', entity: 'site', entityId: id, before });
        return site;
      }),
  };
}

async function update(
  trx: Database,
  { id, version, change }: SiteUpdate,
  by: Actor,
): Promise<Changed<StoredSite> | undefined> {
  if (!(await claimVersion(trx, 'site', id, version))) return undefined;
  const now = await read(trx, id);
  const before = { ...now, version: now.version - 1 };
  const wanted = change(before);
  await write(trx, before, wanted, by);
  return { before, after: await read(trx, id) };
}

/** @throws GatewayError `version-conflict` for one that is gone */
async function required(
  trx: Database,
  wanted: SiteUpdate,
  by: Actor,
): Promise<Changed<StoredSite>> {
  const changed = await update(trx, wanted, by);
  if (changed) return changed;
  throw new GatewayError('version-conflict', 'A site was deleted meanwhile. Try it again.');
}

async function read(trx: Database, id: SiteId): Promise<StoredSite> {
  const site = await trx
    .selectFrom('site')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const endpoints = trx.selectFrom('endpoint').selectAll().where('site_id', '=', id);
  return toStoredSite(site, await endpoints.orderBy('position').execute());
}

async function insert(trx: Database, site: Site, by: Actor): Promise<void> {
  const nowMs = Date.now();
  if (site.number !== undefined) await refuseDialled(trx, 'conference', site.number);
  await requireGroup(trx, site.groupId);
  const own = { id: site.id, version: 1, created_at_ms: nowMs, changed_at_ms: nowMs };
  await trx
    .insertInto('site')
    .values({ ...siteColumns(site), ...own })
    .execute();
  const rows = site.endpoints.map(endpointRow);
  if (rows.length > 0) await trx.insertInto('endpoint').values(rows).execute();
  const after = siteFacts(site);
  await recordChange(trx, by, { action: 'created', entity: 'site', entityId: site.id, after });
}

async function write(trx: Database, before: Site, after: Site, by: Actor): Promise<void> {
  const { id, number } = after;
  if (number !== undefined && number !== before.number)
    await refuseDialled(trx, 'conference', number);
  if (after.groupId !== before.groupId) await requireGroup(trx, after.groupId);
  await trx.updateTable('site').set(siteColumns(after)).where('id', '=', id).execute();
  await writeEndpoints(trx, before.endpoints, after.endpoints);
  const change = difference(siteFacts(before), siteFacts(after, before));
  await recordChange(trx, by, { action: 'changed', entity: 'site', entityId: id, ...change });
}

async function writeEndpoints(
  trx: Database,
  before: readonly Endpoint[],
  after: readonly Endpoint[],
): Promise<void> {
  const wanted = new Map(after.map(endpoint => [endpoint.id, endpoint]));
  const known = new Set(before.map(({ id }) => id));
  for (const endpoint of before) {
    const next = wanted.get(endpoint.id);
    if (!next) await trx.deleteFrom('endpoint').where('id', '=', endpoint.id).execute();
    else if (losesRegistrations(endpoint, next)) await signOff(trx, endpoint);
  }
  for (const [position, endpoint] of after.entries()) {
    const { id, ...columns } = endpointRow(endpoint, position);
    if (known.has(endpoint.id))
      await trx.updateTable('endpoint').set(columns).where('id', '=', id).execute();
    else
      await trx
        .insertInto('endpoint')
        .values({ id, ...columns })
        .execute();
  }
}

/** Takes its registrations, and its name, so that another endpoint of the site can have it. */
async function signOff(trx: Database, { id, sipUsername }: Endpoint): Promise<void> {
  await trx.deleteFrom('binding').where('sip_username', '=', sipUsername).execute();
  await trx.updateTable('endpoint').set({ sip_username: null }).where('id', '=', id).execute();
}

/** A site as the audit log keeps it: without passwords, but with whether they changed. */
function siteFacts(site: Site, before?: Site): Readonly<Record<string, unknown>> {
  const { id: _, endpoints, ...facts } = site;
  const { version: __, createdAtMs: ___, changedAtMs: ____, ...own } = facts as Partial<StoredSite>;
  return { ...own, endpoints: endpoints.map(one => endpointFacts(one, before)) };
}

function endpointFacts(endpoint: Endpoint, before: Site | undefined) {
  const { ha1, siteId: _, sipUsername, ...facts } = endpoint;
  const earlier = before?.endpoints.find(({ id }) => id === endpoint.id);
  return {
    ...facts,
    ...(hasAccount(endpoint) && { sipUsername }),
    hasPassword: ha1 !== undefined,
    ...(earlier && earlier.ha1?.md5 !== ha1?.md5 && { passwordChanged: true }),
  };
}
