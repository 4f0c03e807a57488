import type { Kysely, Selectable } from 'kysely';
import type { Page } from '../contract/paging.ts';
import type { ConferenceId, SiteId } from '../domain/ids.ts';
import type {
  KeptMeeting,
  MeetingHistory,
  MeetingQuery,
  MeetingStore,
  SavedMeeting,
  SavedSite,
} from '../meetings/ports.ts';
import type { SiteState } from '../meetings/site-state.ts';
import { stored } from './errors.ts';
import { orderOf, plainTerms, type SortTerms, textTerms } from './listing.ts';
import type { Tables } from './schema.ts';
import { contains } from './text-search.ts';

type Database = Kysely<Tables>;
type SiteRow = Selectable<Tables['meeting_site']>;

/** So many of a conference are kept. */
const KEPT_PER_CONFERENCE = 500;

const TERMS: SortTerms = {
  startedAtMs: plainTerms('meeting.started_at_ms'),
  conferenceName: textTerms('conference.sort_name'),
};

/** Meetings in the database: those that a restarted gateway takes up, and those that were. */
export function meetingStore(db: Database): MeetingStore & MeetingHistory {
  return {
    loadMeetings: () =>
      stored(async () => {
        const latest = await withConference(db)
          .where(eb =>
            eb(
              'meeting.started_at_ms',
              '=',
              eb
                .selectFrom('meeting as other')
                .select(({ fn }) => fn.max('other.started_at_ms').as('at_ms'))
                .whereRef('other.conference_id', '=', 'meeting.conference_id'),
            ),
          )
          .execute();
        return withSites(db, latest);
      }),
    saveMeeting: meeting =>
      stored(() => db.transaction().execute(trx => saveMeeting(trx, meeting))),
    findMeetings: query => stored(() => findMeetings(db, query)),
  };
}

function withConference(db: Database) {
  return db
    .selectFrom('meeting')
    .innerJoin('conference', 'conference.id', 'meeting.conference_id')
    .selectAll('meeting')
    .select('conference.name as conference_name');
}

type Row = Awaited<ReturnType<ReturnType<typeof withConference>['execute']>>[number];

async function findMeetings(
  db: Database,
  { q, state, conferenceId, groupIds, sort, limit, offset }: MeetingQuery,
): Promise<Page<KeptMeeting>> {
  const matching = withConference(db)
    .where(contains('conference.search', q))
    .$if(state !== undefined, of => of.where('state', '=', state ?? ''))
    .$if(conferenceId !== undefined, of => of.where('conference_id', '=', conferenceId ?? ''))
    .$if(groupIds !== undefined, of =>
      of.where('conference.group_id', 'in', [...(groupIds ?? []), '']),
    );
  let rows = matching;
  for (const term of orderOf(db, sort, TERMS, 'meeting.id')) rows = rows.orderBy(term);
  const items = await withSites(db, await rows.limit(limit).offset(offset).execute());
  const { total } = await matching
    .clearSelect()
    .select(eb => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return { items, total: Number(total) };
}

async function saveMeeting(trx: Database, meeting: SavedMeeting): Promise<void> {
  const { conferenceId, startedAtMs, sites } = meeting;
  const id = meetingId(meeting);
  const facts = {
    state: meeting.state,
    occurrence_start_ms: meeting.occurrenceStartMs ?? null,
    ends_at_ms: meeting.endsAtMs ?? null,
    ended_at_ms: meeting.state === 'ended' ? Date.now() : null,
    is_locked: Number(meeting.isLocked),
    mute_on_entry: Number(meeting.muteOnEntry),
  };
  const own = { id, conference_id: conferenceId, started_at_ms: startedAtMs };
  await trx
    .insertInto('meeting')
    .values({ ...own, started_by: meeting.startedBy, ...facts })
    .onConflict(conflict => conflict.column('id').doUpdateSet(facts))
    .execute();
  await trx.deleteFrom('meeting_site').where('meeting_id', '=', id).execute();
  const rows = sites.map((site, position) => siteRow(site, id, position));
  if (rows.length > 0) await trx.insertInto('meeting_site').values(rows).execute();
  if (meeting.state === 'ended') await forgetOldest(trx, conferenceId);
}

async function forgetOldest(trx: Database, conferenceId: ConferenceId): Promise<void> {
  const old = await trx
    .selectFrom('meeting')
    .select('id')
    .where('conference_id', '=', conferenceId)
    .orderBy('started_at_ms', 'desc')
    .limit(100)
    .offset(KEPT_PER_CONFERENCE)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await trx.deleteFrom('meeting').where('id', 'in', ids).execute();
}

/** One conference has one meeting at a time. */
function meetingId({ conferenceId, startedAtMs }: SavedMeeting): string {
  return `${conferenceId}.${startedAtMs}`;
}

function siteRow(site: SavedSite, meetingId: string, position: number): SiteRow {
  return {
    meeting_id: meetingId,
    site_id: site.siteId,
    state: site.state,
    since_ms: site.sinceMs,
    ladder_round: site.position.round,
    ladder_step: site.position.step,
    attempts: site.attempts,
    reason: site.reason ?? null,
    retry_at_ms: site.retryAtMs ?? null,
    position,
  };
}

async function withSites(db: Database, rows: readonly Row[]): Promise<KeptMeeting[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const sites = await db
    .selectFrom('meeting_site')
    .leftJoin('site', 'site.id', 'meeting_site.site_id')
    .selectAll('meeting_site')
    .select('site.name as site_name')
    .where('meeting_id', 'in', ids)
    .orderBy('position')
    .execute();
  return rows.map(row => {
    const own = sites.filter(site => site.meeting_id === row.id);
    return {
      ...toMeeting(row, own),
      siteNames: new Map(own.map(site => [site.site_id as SiteId, site.site_name ?? ''])),
    };
  });
}

function toMeeting(row: Row, sites: readonly SiteRow[]): Omit<KeptMeeting, 'siteNames'> {
  return {
    id: row.id,
    conferenceId: row.conference_id as ConferenceId,
    conferenceName: row.conference_name,
    state: row.state as SavedMeeting['state'],
    startedAtMs: row.started_at_ms,
    startedBy: row.started_by,
    ...(row.occurrence_start_ms !== null && { occurrenceStartMs: row.occurrence_start_ms }),
    ...(row.ends_at_ms !== null && { endsAtMs: row.ends_at_ms }),
    ...(row.ended_at_ms !== null && { endedAtMs: row.ended_at_ms }),
    isLocked: row.is_locked === 1,
    muteOnEntry: row.mute_on_entry === 1,
    sites: sites.map(toSite),
  };
}

function toSite(row: SiteRow): SavedSite {
  return {
    siteId: row.site_id as SiteId,
    state: row.state as SiteState,
    sinceMs: row.since_ms,
    position: { round: row.ladder_round, step: row.ladder_step },
    attempts: row.attempts,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.retry_at_ms !== null && { retryAtMs: row.retry_at_ms }),
  };
}
