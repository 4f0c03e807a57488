import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../contract/conferences.ts';
import { operations } from '../../../contract/operations.ts';
import { dateTime } from '../lib/format.ts';
import { useAnswer, useApp, useCan, useLive, usePlace } from '../lib/hooks.ts';
import { describeRecurrence, readRule } from '../lib/recurrence.ts';
import { withQuery } from '../lib/router.ts';
import { ConferencePanel } from '../parts/conference/ConferencePanel.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Link } from '../parts/Link.tsx';
import { PAGE_SIZE, PageHead, SearchBox, useListPlace } from '../parts/ListTools.tsx';
import { PagedTable } from '../parts/PagedTable.tsx';
import { Empty } from '../parts/States.tsx';
import { Status } from '../parts/Status.tsx';
import type { Column } from '../parts/Table.tsx';

/** All conferences; one of them open at the side. */
export function Conferences({ conferenceId }: { readonly conferenceId?: string }) {
  const { router } = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const mayWrite = useCan('conferences.write');
  const place = useListPlace('name');
  const live = useLive('meetings');
  const page = useAnswer(
    operations.listConferences,
    { query: { q: place.q, sort: place.sort as 'name', limit: PAGE_SIZE, offset: place.offset } },
    ['conference', 'meeting', 'mapping'],
  );
  const columns = useColumns(id => live.meetings.get(id)?.state === 'running');
  const go = (path: string) => router.go(withQuery(path, query, {}));
  const add = mayWrite && (
    <Button className="primary" onPress={() => go('/conferences/new')}>
      <Icon name="plus" />
      {t('conferences.add')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('nav.conferences')}>{add}</PageHead>
      <div className="tools">
        <SearchBox
          label={t('conferences.search')}
          value={place.q}
          onChange={q => place.set({ q })}
        />
      </div>
      <PagedTable
        answer={page}
        place={place}
        label={t('nav.conferences')}
        columns={columns}
        keyOf={({ id }) => id}
        current={conferenceId}
        empty={
          place.q ? (
            <Empty icon="search" title={t('common.noMatch')} hint={t('common.noMatchHint')}>
              <Button onPress={() => router.go('/conferences')}>{t('common.showAll')}</Button>
            </Empty>
          ) : (
            <Empty icon="conference" title={t('conferences.none')} hint={t('conferences.noneHint')}>
              {add}
            </Empty>
          )
        }
      />
      {conferenceId && (
        <ConferencePanel
          key={conferenceId}
          conferenceId={conferenceId}
          onClose={() => go('/conferences')}
        />
      )}
    </>
  );
}

function useColumns(isRunning: (id: string) => boolean): Column<ConferenceView>[] {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  return [
    {
      key: 'name',
      label: t('conferences.fields.name'),
      sort: 'name',
      cell: ({ id, name }) => <Link to={withQuery(`/conferences/${id}`, query, {})}>{name}</Link>,
    },
    {
      key: 'state',
      label: t('conferences.state'),
      cell: ({ id, live, participantCount }) =>
        live || isRunning(id) ? (
          <Link to={`/meetings/${id}`}>
            <Status tone="busy">{t('conferences.live', { count: participantCount })}</Status>
          </Link>
        ) : (
          <Status tone="idle">{t('conferences.idle')}</Status>
        ),
    },
    {
      key: 'number',
      label: t('conferences.fields.number'),
      sort: 'number',
      isNumber: true,
      cell: ({ number }) => number,
    },
    {
      key: 'next',
      label: t('conferences.next'),
      sort: 'nextStartsAtMs',
      cell: ({ nextStartsAtMs }) =>
        nextStartsAtMs === undefined ? '—' : dateTime(nextStartsAtMs, i18n.language),
    },
    {
      key: 'rhythm',
      label: t('conferences.rhythm'),
      isRoomy: true,
      cell: ({ schedule }) => {
        if (!schedule) return t('conferences.unplanned');
        if (!schedule.rrule) return t('recurrence.once');
        const recurrence = readRule(schedule.rrule, schedule.timeZone);
        if (!recurrence) return t('recurrence.own');
        return describeRecurrence(recurrence, t, i18n.language);
      },
    },
    {
      key: 'members',
      label: t('conferences.sites'),
      isNumber: true,
      cell: ({ members }) => members.length,
    },
  ];
}
