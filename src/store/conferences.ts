import type { Kysely, Selectable } from 'kysely';
import type { ConferenceStore } from '../conferences/ports.ts';
import type { Conference } from '../domain/conference.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** Conferences in the database. */
export function conferenceStore(db: Kysely<Tables>): ConferenceStore {
  const findBy = (column: 'id' | 'number' | 'alias', value: string) =>
    stored(async () => {
      const query = db.selectFrom('conference').selectAll().where(column, '=', value);
      const row = await query.executeTakeFirst();
      return row && toConference(row);
    });
  return {
    listConferences: () =>
      stored(async () => {
        const query = db.selectFrom('conference').selectAll().orderBy('name').orderBy('id');
        return (await query.execute()).map(toConference);
      }),
    getConference: id => findBy('id', id),
    findByNumber: number => findBy('number', number),
    findByAlias: alias => findBy('alias', alias),
    insertConference: conference =>
      stored(async () => {
        const row = { ...conference, created_at_ms: Date.now() };
        await db.insertInto('conference').values(row).execute();
      }),
    deleteConference: id =>
      stored(async () => {
        const result = await db.deleteFrom('conference').where('id', '=', id).executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),
  };
}

function toConference(row: Selectable<Tables['conference']>): Conference {
  const { id, name, number, alias } = row;
  return { id: id as ConferenceId, name, number, alias };
}
