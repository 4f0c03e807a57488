import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import type { RecordView } from '../../../contract/records.ts';
import { useAllConferences } from '../lib/all-sites.ts';
import { midnight } from '../lib/calendar.ts';
import { dateTime, duration } from '../lib/format.ts';
import { useAnswer, useApp, useNow, usePlace } from '../lib/hooks.ts';
import { withQuery } from '../lib/router.ts';
import { DayRange } from '../parts/DayRange.tsx';
import { Choice } from '../parts/Fields.tsx';
import { Link } from '../parts/Link.tsx';
import {
  type ListPlace,
  PAGE_SIZE,
  PageHead,
  SearchBox,
  useListPlace,
} from '../parts/ListTools.tsx';
import { PagedTable } from '../parts/PagedTable.tsx';
import { RecordPanel } from '../parts/records/RecordPanel.tsx';
import { RecordState } from '../parts/records/RecordState.tsx';
import { Empty } from '../parts/States.tsx';
import type { Column } from '../parts/Table.tsx';

const SIGNED = { signed: 'true', unsigned: 'false' } as const;
type Signing = keyof typeof SIGNED;
const DAY_MS = 24 * 3600 * 1000;

/** What is kept of meetings, those that run too; one of them open at the side. */
export function Records({ recordId }: { readonly recordId?: string }) {
  const { router } = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const place = useListPlace('-startedAtMs');
  const page = useAnswer(operations.listRecords, { query: asked(place) }, ['record', 'meeting']);
  const columns = useColumns();
  return (
    <>
      <PageHead title={t('nav.records')} />
      <RecordFilters place={place} />
      <PagedTable
        answer={page}
        place={place}
        label={t('nav.records')}
        columns={columns}
        keyOf={({ id }) => id}
        current={recordId}
        empty={<Empty icon="record" title={t('records.none')} hint={t('records.noneHint')} />}
      />
      {recordId && (
        <RecordPanel
          key={recordId}
          recordId={recordId}
          onClose={() => router.go(withQuery('/records', query, {}))}
        />
      )}
    </>
  );
}

function asked(place: ListPlace) {
  const [conferenceId, from, to] = [
    place.filter('conference'),
    place.filter('from'),
    place.filter('to'),
  ];
  const signed = SIGNED[place.filter('signed') as Signing];
  return {
    ...{ q: place.q, sort: place.sort as 'startedAtMs', limit: PAGE_SIZE, offset: place.offset },
    ...(conferenceId && { conferenceId }),
    ...(signed && { signed }),
    ...(from && { fromMs: midnight(from).getTime() }),
    ...(to && { toMs: midnight(to).getTime() + DAY_MS - 1 }),
  };
}

function RecordFilters({ place }: { readonly place: ListPlace }) {
  const { t } = useTranslation();
  const conferences = useAllConferences().data ?? [];
  const all = { value: 'all', label: t('common.all') };
  const chosen = (value: string) => (value === 'all' ? undefined : value);
  return (
    <div className="tools">
      <SearchBox label={t('records.search')} value={place.q} onChange={q => place.set({ q })} />
      <Choice
        className="filter"
        label={t('records.conference')}
        value={place.filter('conference') || 'all'}
        options={[all, ...conferences.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={id => place.set({ conference: chosen(id) })}
      />
      <Choice
        className="filter"
        label={t('records.state')}
        value={place.filter('signed') || 'all'}
        options={[
          all,
          ...Object.keys(SIGNED).map(one => ({ value: one, label: t(`records.states.${one}`) })),
        ]}
        onChange={one => place.set({ signed: chosen(one) })}
      />
      <DayRange place={place} />
    </div>
  );
}

function useColumns(): Column<RecordView>[] {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  const now = useNow(10_000);
  return [
    {
      key: 'title',
      label: t('records.title'),
      sort: 'title',
      isRoomy: true,
      cell: ({ id, title }) => <Link to={withQuery(`/records/${id}`, query, {})}>{title}</Link>,
    },
    {
      key: 'startedAtMs',
      label: t('records.startedAt'),
      sort: 'startedAtMs',
      cell: ({ startedAtMs }) => dateTime(startedAtMs, i18n.language),
    },
    {
      key: 'duration',
      label: t('meetings.duration'),
      isNumber: true,
      isExtra: true,
      cell: ({ startedAtMs, endedAtMs }) => duration((endedAtMs ?? now) - startedAtMs),
    },
    {
      key: 'present',
      label: t('records.present'),
      isNumber: true,
      cell: ({ counts }) => t('records.presentOf', { ...counts }),
    },
    { key: 'ledBy', label: t('records.ledBy'), isExtra: true, cell: ({ ledBy }) => ledBy ?? '—' },
    { key: 'state', label: t('records.state'), cell: record => <RecordState record={record} /> },
  ];
}
