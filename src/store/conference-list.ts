import type { Kysely } from 'kysely';
import type { ConferenceQuery, StoredConference } from '../conferences/ports.ts';
import type { Page } from '../contract/paging.ts';
import { type ConferenceRow, type MemberRow, toConference } from './conference-rows.ts';
import { numberTerms, orderOf, plainTerms, type SortTerms, textTerms } from './listing.ts';
import type { Tables } from './schema.ts';
import { contains } from './text-search.ts';

/** So many ids in one query; all members are read for more. */
const MAX_LISTED = 500;

const TERMS: SortTerms = {
  name: textTerms('sort_name'),
  number: numberTerms('number'),
  createdAtMs: plainTerms('created_at_ms'),
};

/** A part of the conferences that match, and how many do. */
export async function findConferences(
  db: Kysely<Tables>,
  query: ConferenceQuery,
): Promise<Page<StoredConference>> {
  const { groupIds, groupId, siteId, part } = query;
  let matching = db.selectFrom('conference').where(contains('search', query.q));
  if (groupIds) matching = matching.where('group_id', 'in', [...groupIds, '']);
  if (groupId !== undefined) matching = matching.where('group_id', '=', groupId);
  if (siteId !== undefined)
    matching = matching.where('id', 'in', eb =>
      eb.selectFrom('conference_site').select('conference_id').where('site_id', '=', siteId),
    );
  let rows = matching.selectAll();
  for (const term of orderOf(db, query.sort, TERMS)) rows = rows.orderBy(term);
  if (part) rows = rows.limit(part.limit).offset(part.offset);
  const items = await withMembers(db, await rows.execute());
  if (!part) return { items, total: items.length };
  const { total } = await matching
    .select(eb => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return { items, total: Number(total) };
}

/** Conferences with their sites, in the order they were given in. */
export async function withMembers(
  db: Kysely<Tables>,
  rows: readonly ConferenceRow[],
): Promise<StoredConference[]> {
  if (rows.length === 0) return [];
  const query = db.selectFrom('conference_site').selectAll().orderBy('position');
  const ids = rows.map(({ id }) => id);
  const few = ids.length <= MAX_LISTED ? query.where('conference_id', 'in', ids) : query;
  const members = Map.groupBy<string, MemberRow>(await few.execute(), row => row.conference_id);
  return rows.map(row => toConference(row, members.get(row.id) ?? []));
}
