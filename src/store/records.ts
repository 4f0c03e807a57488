import type { Kysely, Selectable } from 'kysely';
import type { ChatLine } from '../contract/chat.ts';
import type { Page } from '../contract/paging.ts';
import type { Presence, RollRow } from '../contract/records.ts';
import type { Noted } from '../domain/actor.ts';
import type { ConferenceId, SiteGroupId } from '../domain/ids.ts';
import type { MeetingRecord, RecordQuery, RecordStore } from '../records/ports.ts';
import { searchText } from '../util/search-text.ts';
import { recordChange } from './audit.ts';
import { stored } from './errors.ts';
import { orderOf, plainTerms, type SortTerms, textTerms } from './listing.ts';
import type { Tables } from './schema.ts';
import { contains } from './text-search.ts';

type Database = Kysely<Tables>;
type RecordRow = Selectable<Tables['meeting_record']>;

const TERMS: SortTerms = {
  startedAtMs: plainTerms('started_at_ms'),
  title: textTerms('sort_title'),
};

/** Records of meetings in the database. */
export function recordStore(db: Database): RecordStore {
  return {
    loadOpenRecords: () =>
      stored(async () => {
        const rows = await db
          .selectFrom('meeting_record')
          .selectAll()
          .where('ended_at_ms', 'is', null)
          .orderBy('created_at_ms')
          .orderBy('id')
          .execute();
        return rows.map(toRecord);
      }),
    saveRecord: (record, noted) => stored(() => saveRecord(db, record, noted)),
    getRecord: id =>
      stored(async () => {
        const row = await db
          .selectFrom('meeting_record')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        return row && toRecord(row);
      }),
    findRecords: query => stored(() => findRecords(db, query)),
  };
}

/** What is signed already keeps its roll: what goes on until the end is still added. */
async function saveRecord(db: Database, record: MeetingRecord, noted?: Noted): Promise<void> {
  const row = toRow(record);
  const { id, attendance, chat, ended_at_ms, ...facts } = row;
  await db.transaction().execute(async trx => {
    await trx
      .insertInto('meeting_record')
      .values(row)
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute();
    await trx
      .updateTable('meeting_record')
      .set(facts)
      .where('id', '=', id)
      .where('signed_at_ms', 'is', null)
      .execute();
    await trx
      .updateTable('meeting_record')
      .set({ attendance, chat, ended_at_ms })
      .where('id', '=', id)
      .execute();
    if (noted) await recordChange(trx, noted.by, noted);
  });
}

async function findRecords(
  db: Database,
  { q, conferenceId, signed, fromMs, toMs, groupIds, sort, limit, offset }: RecordQuery,
): Promise<Page<MeetingRecord>> {
  let matching = db.selectFrom('meeting_record').where(contains('search', q));
  if (conferenceId !== undefined) matching = matching.where('conference_id', '=', conferenceId);
  if (signed !== undefined)
    matching = matching.where('signed_at_ms', signed ? 'is not' : 'is', null);
  if (fromMs !== undefined) matching = matching.where('started_at_ms', '>=', fromMs);
  if (toMs !== undefined) matching = matching.where('started_at_ms', '<=', toMs);
  if (groupIds) matching = matching.where('group_id', 'in', [...groupIds, '']);
  let rows = matching.selectAll();
  for (const term of orderOf(db, sort, TERMS)) rows = rows.orderBy(term);
  const items = (await rows.limit(limit).offset(offset).execute()).map(toRecord);
  const { total } = await matching
    .select(eb => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return { items, total: Number(total) };
}

function toRow(record: MeetingRecord): RecordRow {
  const { title, ledBy = '', signed } = record;
  return {
    id: record.id,
    conference_id: record.conferenceId,
    group_id: record.groupId ?? null,
    title,
    led_by: ledBy,
    started_at_ms: record.startedAtMs,
    is_of_meeting: Number(record.isOfMeeting),
    due_at_ms: record.dueAtMs,
    created_at_ms: record.createdAtMs,
    ended_at_ms: record.endedAtMs ?? null,
    corrects: record.corrects ?? null,
    signed_by: signed?.name ?? null,
    signed_at_ms: signed?.atMs ?? null,
    roll: JSON.stringify(record.rows),
    attendance: JSON.stringify(record.attendance),
    chat: JSON.stringify(record.chat),
    search: searchText(title, ledBy),
    sort_title: searchText(title),
  };
}

function toRecord(row: RecordRow): MeetingRecord {
  const { signed_by: name, signed_at_ms: signedAtMs } = row;
  return {
    id: row.id,
    conferenceId: row.conference_id as ConferenceId,
    ...(row.group_id !== null && { groupId: row.group_id as SiteGroupId }),
    title: row.title,
    ...(row.led_by !== '' && { ledBy: row.led_by }),
    startedAtMs: Number(row.started_at_ms),
    isOfMeeting: row.is_of_meeting === 1,
    dueAtMs: Number(row.due_at_ms),
    createdAtMs: Number(row.created_at_ms),
    ...(row.ended_at_ms !== null && { endedAtMs: Number(row.ended_at_ms) }),
    ...(row.corrects !== null && { corrects: row.corrects }),
    ...(name !== null && signedAtMs !== null && { signed: { name, atMs: Number(signedAtMs) } }),
    rows: JSON.parse(row.roll) as RollRow[],
    attendance: JSON.parse(row.attendance) as Presence[],
    chat: JSON.parse(row.chat) as ChatLine[],
  };
}
