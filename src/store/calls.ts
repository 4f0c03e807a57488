import type { Kysely, Selectable } from 'kysely';
import type { ArchivedCall, CallLogScope, CallStore } from '../calls/call-archive.ts';
import type { CallRecord } from '../calls/call-log.ts';
import type { TracedMessage } from '../calls/ports.ts';
import type { CallLogQuery } from '../contract/system.ts';
import type { CallId } from '../domain/ids.ts';
import { searchText } from '../util/search-text.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';
import { contains } from './text-search.ts';

/** The call log in the database. */
export function callStore(db: Kysely<Tables>): CallStore {
  return {
    saveCall: (call, messages) => stored(() => saveCall(db, call, messages)),
    listCalls: (query, scope) =>
      stored(async () => {
        const matching = callsIn(db, scope, query);
        const { count } = await matching
          .select(eb => eb.fn.countAll().as('count'))
          .executeTakeFirstOrThrow();
        const direction = query.sort === 'startedAtMs' ? 'asc' : 'desc';
        const rows = await matching
          .selectAll()
          .orderBy('started_at_ms', direction)
          .orderBy('id', direction)
          .limit(query.limit)
          .offset(query.offset)
          .execute();
        return { items: rows.map(toCall), total: Number(count) };
      }),
    findCall: (callId, scope) =>
      stored(async () => {
        const row = await callsIn(db, scope)
          .selectAll()
          .where('id', '=', callId)
          .executeTakeFirst();
        return row && { call: toCall(row), messages: JSON.parse(row.messages ?? '[]') };
      }),
    closeLostCalls: endedAtMs =>
      stored(async () => {
        const rows = await db
          .selectFrom('call')
          .selectAll()
          .where('ended_at_ms', 'is', null)
          .execute();
        for (const row of rows) {
          const verdict = { result: 'dropped', reason: 'crash' } as const;
          await saveCall(db, { ...toCall(row), endedAtMs, verdict }, undefined);
        }
        return rows.length;
      }),
    forgetCalls: keep =>
      stored(async () => {
        const oldest = await db
          .selectFrom('call')
          .select(['started_at_ms', 'id'])
          .orderBy('started_at_ms', 'desc')
          .orderBy('id', 'desc')
          .offset(keep)
          .limit(1)
          .executeTakeFirst();
        if (!oldest) return;
        await db
          .deleteFrom('call')
          .where(eb =>
            eb.or([
              eb('started_at_ms', '<', oldest.started_at_ms),
              eb('started_at_ms', '=', oldest.started_at_ms).and('id', '<=', oldest.id),
            ]),
          )
          .execute();
      }),
  };
}

/** Names are looked up while they are there: a site that is taken away later keeps its name here. */
async function saveCall(
  db: Kysely<Tables>,
  call: CallRecord,
  messages: readonly TracedMessage[] | undefined,
): Promise<void> {
  const { callId, siteId = null, conferenceId = null } = call;
  const earlier = await db
    .selectFrom('call')
    .select(['site_id', 'site_name', 'conference_id', 'conference_name'])
    .where('id', '=', callId)
    .executeTakeFirst();
  const siteName =
    earlier?.site_name && earlier.site_id === siteId
      ? earlier.site_name
      : await nameOf(db, 'site', siteId);
  const conferenceName =
    earlier?.conference_name && earlier.conference_id === conferenceId
      ? earlier.conference_name
      : await nameOf(db, 'conference', conferenceId);
  const told = [siteName ?? '', conferenceName ?? '', call.dialled, call.sipUsername];
  const row = {
    started_at_ms: call.startedAtMs,
    ended_at_ms: call.endedAtMs ?? null,
    result: call.verdict?.result ?? null,
    site_id: siteId,
    site_name: siteName,
    conference_id: conferenceId,
    conference_name: conferenceName,
    search: searchText(...told, call.remoteAddr, call.userAgent),
    record: JSON.stringify(call),
    ...(messages && { messages: JSON.stringify(messages) }),
  };
  await db
    .insertInto('call')
    .values({ id: callId, messages: null, ...row })
    .onConflict(conflict => conflict.column('id').doUpdateSet(row))
    .execute();
}

async function nameOf(
  db: Kysely<Tables>,
  table: 'site' | 'conference',
  id: string | null,
): Promise<string | null> {
  if (id === null) return null;
  const row = await db.selectFrom(table).select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? null;
}

/** Calls of callers that nobody knows are of no group. */
function callsIn(db: Kysely<Tables>, { groupIds }: CallLogScope, query?: CallLogQuery) {
  const { siteId, conferenceId, result, q } = query ?? {};
  let calls = db.selectFrom('call');
  if (groupIds)
    calls = calls.where('site_id', 'in', eb =>
      eb
        .selectFrom('site')
        .select('site.id')
        .where('group_id', 'in', [...groupIds, '']),
    );
  if (siteId !== undefined) calls = calls.where('site_id', '=', siteId);
  if (conferenceId !== undefined) calls = calls.where('conference_id', '=', conferenceId);
  if (result !== undefined) calls = calls.where('result', '=', result);
  if (q !== undefined) calls = calls.where(contains('search', q));
  return calls;
}

function toCall(row: Selectable<Tables['call']>): ArchivedCall {
  const record = JSON.parse(row.record) as CallRecord;
  return {
    ...record,
    callId: row.id as CallId,
    siteName: row.site_name ?? undefined,
    conferenceName: row.conference_name ?? undefined,
  };
}
