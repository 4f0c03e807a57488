import type { Kysely } from 'kysely';
import { withMapping } from '../conferences/members.ts';
import type {
  ConferenceAdminStore,
  ConferenceUpdate,
  MappingChange,
  StoredConference,
} from '../conferences/ports.ts';
import type { Actor } from '../domain/actor.ts';
import type { Conference, ConferenceMember } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { wrongField } from '../domain/wrong-field.ts';
import { difference, recordChange } from './audit.ts';
import { withMembers } from './conference-list.ts';
import { conferenceColumns } from './conference-rows.ts';
import { refuseDialled } from './dial-plan.ts';
import { stored, storedAt } from './errors.ts';
import { requireGroup } from './groups.ts';
import type { Tables } from './schema.ts';
import { claimVersion } from './versions.ts';

type Database = Kysely<Tables>;
const entity = 'conference';

/** How conferences change in the database. */
export function conferenceChanges(
  db: Database,
): Pick<
  ConferenceAdminStore,
  | 'insertConferences'
  | 'saveConferences'
  | 'updateConference'
  | 'deleteConference'
  | 'changeMapping'
> {
  const within = <T>(step: (trx: Database) => Promise<T>): Promise<T> =>
    stored(() => db.transaction().execute(step));
  return {
    insertConferences: (conferences, by) =>
      within(async trx => {
        for (const [index, conference] of conferences.entries())
          await storedAt(index, () => insert(trx, conference, by));
      }),
    saveConferences: (inserted, updated, by) =>
      within(async trx => {
        const changed: StoredConference[] = [];
        for (const [at, one] of updated.entries())
          changed.push(await storedAt(inserted.length + at, () => required(trx, one, by)));
        for (const [at, conference] of inserted.entries())
          await storedAt(at, () => insert(trx, conference, by));
        return changed;
      }),
    updateConference: (id, version, change, by) =>
      within(trx => update(trx, { id, version, change, by })),
    deleteConference: (id, by) =>
      within(async trx => {
        const conference = await read(trx, id);
        if (!conference) return false;
        await trx.deleteFrom('conference').where('id', '=', id).execute();
        const before = conferenceFacts(conference);
        await recordChange(trx, by, { action: 'deleted', entity, entityId: id, before });
        return true;
      }),
    changeMapping: (change, by) => within(trx => changeMapping(trx, change, by)),
  };
}

/** @throws GatewayError `version-conflict` for one that is gone */
async function required(
  trx: Database,
  wanted: ConferenceUpdate,
  by: Actor,
): Promise<StoredConference> {
  const changed = await update(trx, { ...wanted, by });
  if (changed) return changed;
  throw new GatewayError('version-conflict', 'A conference was deleted meanwhile. Try again.');
}

async function insert(trx: Database, conference: Conference, by: Actor): Promise<void> {
  const { id, number, members, groupId } = conference;
  const nowMs = Date.now();
  await refuseDialled(trx, 'site', number);
  await requireGroup(trx, groupId);
  const own = { id, version: 1, created_at_ms: nowMs, changed_at_ms: nowMs };
  await trx
    .insertInto('conference')
    .values({ ...conferenceColumns(conference), ...own })
    .execute();
  await writeMembers(trx, id, members);
  const after = conferenceFacts(conference);
  await recordChange(trx, by, { action: 'created', entity, entityId: id, after });
}

async function update(
  trx: Database,
  request: {
    readonly id: ConferenceId;
    readonly version: number | undefined;
    readonly change: (conference: StoredConference) => Conference;
    readonly by: Actor;
  },
): Promise<StoredConference | undefined> {
  const { id, version, change, by } = request;
  if (!(await claimVersion(trx, 'conference', id, version))) return undefined;
  const now = await read(trx, id);
  if (!now) return undefined;
  const before = { ...now, version: now.version - 1 };
  const wanted = change(before);
  if (wanted.number !== before.number) await refuseDialled(trx, 'site', wanted.number);
  if (wanted.groupId !== before.groupId) await requireGroup(trx, wanted.groupId);
  const columns = conferenceColumns(wanted);
  await trx.updateTable('conference').set(columns).where('id', '=', id).execute();
  if (JSON.stringify(before.members) !== JSON.stringify(wanted.members)) {
    await trx.deleteFrom('conference_site').where('conference_id', '=', id).execute();
    await writeMembers(trx, id, wanted.members);
  }
  const facts = difference(conferenceFacts(before), conferenceFacts(wanted, before));
  await recordChange(trx, by, { action: 'changed', entity, entityId: id, ...facts });
  return read(trx, id);
}

async function changeMapping(
  trx: Database,
  change: MappingChange,
  by: Actor,
): Promise<StoredConference[]> {
  const ids = new Set([...change.add, ...change.remove].map(({ conferenceId }) => conferenceId));
  const changed: StoredConference[] = [];
  for (const id of ids) {
    const members = ({ members: before }: StoredConference) => withMapping(before, id, change);
    const conference = await update(trx, {
      id,
      version: undefined,
      change: before => ({ ...before, members: members(before) }),
      by,
    });
    if (!conference) throw wrongField('conferenceId', `There is no conference ${id}.`);
    changed.push(conference);
  }
  return changed;
}

async function read(trx: Database, id: ConferenceId): Promise<StoredConference | undefined> {
  const rows = await trx.selectFrom('conference').selectAll().where('id', '=', id).execute();
  return (await withMembers(trx, rows))[0];
}

/** @throws GatewayError `bad-request` when one of the sites is not there */
async function writeMembers(
  trx: Database,
  id: ConferenceId,
  members: readonly ConferenceMember[],
): Promise<void> {
  if (members.length === 0) return;
  const siteIds = members.map(({ siteId }) => siteId);
  const found = await trx.selectFrom('site').select('id').where('id', 'in', siteIds).execute();
  const there = new Set(found.map(site => site.id));
  const missing = siteIds.findIndex(siteId => !there.has(siteId));
  if (missing >= 0) throw wrongField(`members.${missing}.siteId`, 'This site is not there.');
  const rows = members.map(({ siteId, role, dial }, position) => ({
    conference_id: id,
    site_id: siteId,
    role,
    dial,
    position,
  }));
  await trx.insertInto('conference_site').values(rows).execute();
}

/** A conference as the audit log keeps it: without PINs, but with whether they changed. */
function conferenceFacts(
  conference: Conference,
  before?: Conference,
): Readonly<Record<string, unknown>> {
  const { id: _, pinHash, chairPinHash, ...facts } = conference;
  const {
    version: __,
    createdAtMs: ___,
    changedAtMs: ____,
    ...own
  } = facts as Partial<StoredConference>;
  return {
    ...own,
    hasPin: pinHash !== undefined,
    hasChairPin: chairPinHash !== undefined,
    ...(before && before.pinHash !== pinHash && { pinChanged: true }),
    ...(before && before.chairPinHash !== chairPinHash && { chairPinChanged: true }),
  };
}
