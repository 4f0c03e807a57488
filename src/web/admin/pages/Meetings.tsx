import { useTranslation } from 'react-i18next';
import type { MeetingView } from '../../../contract/meetings.ts';
import { operations } from '../../../contract/operations.ts';
import { dateTime, duration } from '../lib/format.ts';
import { useAnswer, useLive, useNow } from '../lib/hooks.ts';
import { Link } from '../parts/Link.tsx';
import { PAGE_SIZE, PageHead, Pager, SearchBox, useListPlace } from '../parts/ListTools.tsx';
import { Answered, Empty } from '../parts/States.tsx';
import { Status } from '../parts/Status.tsx';
import { type Column, Table } from '../parts/Table.tsx';

/** Meetings that run and that were. */
export function Meetings() {
  const { t } = useTranslation();
  const place = useListPlace('-startedAtMs');
  const live = useLive('meetings');
  const page = useAnswer(
    operations.listMeetings,
    {
      query: {
        ...{ q: place.q, sort: place.sort as 'startedAtMs' },
        ...{ limit: PAGE_SIZE, offset: place.offset },
      },
    },
    ['meeting'],
  );
  const columns = useColumns();
  return (
    <>
      <PageHead title={t('nav.meetings')} />
      <div className="tools">
        <SearchBox
          label={t('conferences.search')}
          value={place.q}
          onChange={q => place.set({ q })}
        />
      </div>
      <Answered answer={page}>
        {({ items, total }) =>
          total === 0 ? (
            <Empty icon="eye" title={t('meetings.none')} hint={t('meetings.noneHint')}>
              <Link to="/conferences" className="button primary">
                {t('nav.conferences')}
              </Link>
            </Empty>
          ) : (
            <>
              <Table
                label={t('nav.meetings')}
                columns={columns}
                rows={items.map(meeting =>
                  latest(meeting, live.meetings.get(meeting.conferenceId)),
                )}
                keyOf={({ id }) => id}
                sort={place.sort}
                onSort={sort => place.set({ sort })}
                isLoading={page.isLoading}
              />
              <Pager place={place} total={total} />
            </>
          )
        }
      </Answered>
    </>
  );
}

function useColumns(): Column<MeetingView>[] {
  const { t, i18n } = useTranslation();
  const now = useNow(10_000);
  return [
    {
      key: 'name',
      label: t('conferences.one'),
      sort: 'conferenceName',
      cell: ({ conferenceId, conferenceName }) => (
        <Link to={`/meetings/${conferenceId}`}>{conferenceName}</Link>
      ),
    },
    {
      key: 'state',
      label: t('conferences.state'),
      cell: ({ state }) => (
        <Status tone={state === 'running' ? 'busy' : 'idle'}>
          {t(`meetings.states.${state}`)}
        </Status>
      ),
    },
    {
      key: 'started',
      label: t('meetings.startedAt'),
      sort: 'startedAtMs',
      cell: ({ startedAtMs }) => dateTime(startedAtMs, i18n.language),
    },
    {
      key: 'duration',
      label: t('meetings.duration'),
      isNumber: true,
      cell: ({ startedAtMs, endedAtMs }) => duration((endedAtMs ?? now) - startedAtMs),
    },
    {
      key: 'sites',
      label: t('meetings.connected'),
      isNumber: true,
      cell: ({ sites, state }) =>
        state === 'running'
          ? `${sites.filter(site => site.state === 'connected').length} / ${sites.length}`
          : sites.length,
    },
    {
      key: 'by',
      label: t('meetings.startedBy'),
      isExtra: true,
      cell: ({ startedBy }) => (startedBy === 'schedule' ? t('meetings.bySchedule') : startedBy),
    },
  ];
}

function latest(meeting: MeetingView, now: MeetingView | undefined): MeetingView {
  return now?.id === meeting.id ? now : meeting;
}
