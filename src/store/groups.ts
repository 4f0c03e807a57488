import type { Kysely } from 'kysely';
import type { SiteGroupId } from '../domain/ids.ts';
import { wrongField } from '../domain/wrong-field.ts';
import type { SiteAdminStore } from '../sites/ports.ts';
import { recordChange } from './audit.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

type GroupStore = Pick<
  SiteAdminStore,
  'listGroups' | 'insertGroup' | 'renameGroup' | 'deleteGroup'
>;

/** Groups of sites in the database. */
export function groupStore(db: Kysely<Tables>): GroupStore {
  const entity = 'site-group';
  return {
    listGroups: () =>
      stored(async () => {
        const rows = await db
          .selectFrom('site_group')
          .leftJoin('site', 'site.group_id', 'site_group.id')
          .select(['site_group.id', 'site_group.name'])
          .select(eb => eb.fn.count('site.id').as('sites'))
          .groupBy(['site_group.id', 'site_group.name'])
          .orderBy('site_group.name')
          .execute();
        return rows.map(({ id, name, sites }) => ({
          id: id as SiteGroupId,
          name,
          siteCount: Number(sites),
        }));
      }),
    insertGroup: ({ id, name }, by) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await trx.insertInto('site_group').values({ id, name }).execute();
          await recordChange(trx, by, { action: 'created', entity, entityId: id, after: { name } });
        }),
      ),
    renameGroup: ({ id, name }, by) =>
      stored(() =>
        db.transaction().execute(async trx => {
          const before = await nameOf(trx, id);
          if (before === undefined) return false;
          await trx.updateTable('site_group').set({ name }).where('id', '=', id).execute();
          const change = { before: { name: before }, after: { name } };
          await recordChange(trx, by, { action: 'changed', entity, entityId: id, ...change });
          return true;
        }),
      ),
    deleteGroup: (id, by) =>
      stored(() =>
        db.transaction().execute(async trx => {
          const name = await nameOf(trx, id);
          if (name === undefined) return false;
          await trx.deleteFrom('site_group').where('id', '=', id).execute();
          await recordChange(trx, by, {
            action: 'deleted',
            entity,
            entityId: id,
            before: { name },
          });
          return true;
        }),
      ),
  };
}

/** @throws GatewayError `bad-request` when the group is not there */
export async function requireGroup(trx: Kysely<Tables>, id: SiteGroupId | undefined) {
  if (id !== undefined && (await nameOf(trx, id)) === undefined)
    throw wrongField('groupId', 'There is no such group.');
}

async function nameOf(trx: Kysely<Tables>, id: SiteGroupId): Promise<string | undefined> {
  const query = trx.selectFrom('site_group').select('name').where('id', '=', id);
  return (await query.executeTakeFirst())?.name;
}
