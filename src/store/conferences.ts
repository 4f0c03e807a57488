import type { ExpressionBuilder, Kysely, Selectable } from 'kysely';
import type { ConferenceStore } from '../conferences/ports.ts';
import type { GridSize, SceneLayout } from '../contract/layout.ts';
import type { Conference, HallLayout } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, SiteId } from '../domain/ids.ts';
import { refuseDialled } from './dial-plan.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

type Database = Kysely<Tables>;
type Row = Selectable<Tables['conference']>;

/** Conferences in the database. */
export function conferenceStore(db: Database): ConferenceStore {
  const findBy = (column: 'id' | 'number' | 'alias', value: string) =>
    stored(async () => {
      const query = db.selectFrom('conference').selectAll().where(column, '=', value);
      return (await withSites(db, await query.execute()))[0];
    });
  return {
    listConferences: () => stored(async () => withSites(db, await inOrder(db).execute())),
    listConferencesOfSite: id =>
      stored(async () => withSites(db, await inOrder(db).where('id', 'in', ofSite(id)).execute())),
    getConference: id => findBy('id', id),
    findByNumber: number => findBy('number', number),
    findByAlias: alias => findBy('alias', alias),
    insertConference: conference => stored(() => insert(db, conference)),
    updateLayout: (id, layout) =>
      stored(async () => {
        if (layout.hqSiteId !== undefined) await requireSites(db, 'hqSiteId', [layout.hqSiteId]);
        const change = db.updateTable('conference').set(layoutRow(layout)).where('id', '=', id);
        return (await change.executeTakeFirst()).numUpdatedRows > 0n;
      }),
    deleteConference: id =>
      stored(async () => {
        const result = await db.deleteFrom('conference').where('id', '=', id).executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),
  };
}

function inOrder(db: Database) {
  return db.selectFrom('conference').selectAll().orderBy('name').orderBy('id');
}

function ofSite(id: SiteId) {
  return (builder: ExpressionBuilder<Tables, 'conference'>) =>
    builder.selectFrom('conference_site').select('conference_id').where('site_id', '=', id);
}

async function withSites(db: Database, rows: readonly Row[]): Promise<Conference[]> {
  const ids = rows.map(row => row.id);
  const query = db.selectFrom('conference_site').selectAll().orderBy('position');
  const members = ids.length > 0 ? await query.where('conference_id', 'in', ids).execute() : [];
  const siteIdsOf = (id: string) =>
    members.filter(member => member.conference_id === id).map(({ site_id }) => site_id as SiteId);
  return rows.map(({ id, name, number, alias, pin_hash, layout, hq_site_id, grid_size }) => ({
    id: id as ConferenceId,
    name,
    number,
    alias,
    ...(pin_hash !== null && { pinHash: pin_hash }),
    siteIds: siteIdsOf(id),
    layout: layout as SceneLayout,
    ...(hq_site_id !== null && { hqSiteId: hq_site_id as SiteId }),
    ...(grid_size !== null && { gridSize: grid_size as GridSize }),
  }));
}

function layoutRow({ layout, hqSiteId, gridSize }: HallLayout) {
  return { layout, hq_site_id: hqSiteId ?? null, grid_size: gridSize ?? null };
}

function insert(db: Database, conference: Conference): Promise<void> {
  const { id, name, number, alias, pinHash, siteIds, hqSiteId } = conference;
  return db.transaction().execute(async trx => {
    await refuseDialled(trx, 'site', number);
    await requireSites(trx, 'siteIds', siteIds);
    if (hqSiteId !== undefined) await requireSites(trx, 'hqSiteId', [hqSiteId]);
    const own = { id, name, number, alias, pin_hash: pinHash ?? null };
    const row = { ...own, ...layoutRow(conference), created_at_ms: Date.now() };
    await trx.insertInto('conference').values(row).execute();
    if (siteIds.length === 0) return;
    const members = siteIds.map((siteId, position) => ({
      conference_id: id,
      site_id: siteId,
      position,
    }));
    await trx.insertInto('conference_site').values(members).execute();
  });
}

/** @throws GatewayError `bad-request` naming the field when one of them is not there */
async function requireSites(
  db: Database,
  field: 'siteIds' | 'hqSiteId',
  ids: readonly SiteId[],
): Promise<void> {
  if (ids.length === 0) return;
  const found = await db.selectFrom('site').select('id').where('id', 'in', ids).execute();
  if (found.length === ids.length) return;
  const details = { field };
  throw new GatewayError('bad-request', 'One of these sites is not there.', { details });
}
