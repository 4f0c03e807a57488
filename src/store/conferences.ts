import type { Kysely } from 'kysely';
import type { ConferenceAdminStore } from '../conferences/ports.ts';
import { conferenceChanges } from './conference-changes.ts';
import { findConferences, withMembers } from './conference-list.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** Conferences in the database. */
export function conferenceStore(db: Kysely<Tables>): ConferenceAdminStore {
  const findBy = (column: 'id' | 'number' | 'alias', value: string) =>
    stored(async () => {
      const query = db.selectFrom('conference').selectAll().where(column, '=', value);
      return (await withMembers(db, await query.execute()))[0];
    });
  const all = (query: { readonly siteId?: string }) =>
    stored(async () => (await findConferences(db, { sort: 'name', ...query })).items);
  return {
    ...conferenceChanges(db),
    findConferences: query => stored(() => findConferences(db, query)),
    listConferences: () => all({}),
    listConferencesOfSite: siteId => all({ siteId }),
    getConference: id => findBy('id', id),
    findByNumber: number => findBy('number', number),
    findByAlias: alias => findBy('alias', alias),
  };
}
