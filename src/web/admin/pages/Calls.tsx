import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import type { CallRecordView } from '../../../contract/rest.ts';
import { dateTime, duration } from '../lib/format.ts';
import { useAnswer, useApp, useNow, usePlace } from '../lib/hooks.ts';
import { withQuery } from '../lib/router.ts';
import { CallPanel } from '../parts/calls/CallPanel.tsx';
import { Verdict } from '../parts/calls/Verdict.tsx';
import { Choice } from '../parts/Fields.tsx';
import { Link } from '../parts/Link.tsx';
import { PAGE_SIZE, PageHead, SearchBox, useListPlace } from '../parts/ListTools.tsx';
import { PagedTable } from '../parts/PagedTable.tsx';
import { Empty } from '../parts/States.tsx';
import type { Column } from '../parts/Table.tsx';

const RESULTS = ['completed', 'cancelled', 'refused', 'failed', 'dropped'] as const;

/** Calls that were and that run, with what came of them; one of them open at the side. */
export function Calls({ callId }: { readonly callId?: string }) {
  const { router } = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const place = useListPlace('-startedAtMs');
  const [siteId, conferenceId] = [place.filter('site'), place.filter('conference')];
  const result = place.filter('result');
  const page = useAnswer(
    operations.listCallLog,
    {
      query: {
        ...{ q: place.q, sort: place.sort as 'startedAtMs' },
        ...{ limit: PAGE_SIZE, offset: place.offset },
        ...(siteId && { siteId }),
        ...(conferenceId && { conferenceId }),
        ...(result && { result: result as (typeof RESULTS)[number] }),
      },
    },
    ['call'],
  );
  const columns = useColumns();
  return (
    <>
      <PageHead title={t('nav.calls')} />
      <div className="tools">
        <SearchBox label={t('calls.search')} value={place.q} onChange={q => place.set({ q })} />
        <Choice
          className="filter"
          label={t('calls.result')}
          value={result || 'all'}
          options={[
            { value: 'all', label: t('common.all') },
            ...RESULTS.map(one => ({ value: one, label: t(`calls.results.${one}`) })),
          ]}
          onChange={one => place.set({ result: one === 'all' ? undefined : one })}
        />
        {(siteId || conferenceId) && (
          <Link to="/calls" className="button">
            {t('common.showAll')}
          </Link>
        )}
      </div>
      <PagedTable
        answer={page}
        place={place}
        label={t('nav.calls')}
        columns={columns}
        keyOf={one => one.callId}
        current={callId}
        empty={<Empty icon="call" title={t('calls.none')} hint={t('calls.noneHint')} />}
      />
      {callId && (
        <CallPanel
          key={callId}
          callId={callId}
          onClose={() => router.go(withQuery('/calls', query, {}))}
        />
      )}
    </>
  );
}

function useColumns(): Column<CallRecordView>[] {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  const now = useNow(10_000);
  return [
    {
      key: 'startedAtMs',
      label: t('calls.startedAt'),
      sort: 'startedAtMs',
      cell: ({ callId, startedAtMs }) => (
        <Link to={withQuery(`/calls/${callId}`, query, {})}>
          {dateTime(startedAtMs, i18n.language)}
        </Link>
      ),
    },
    { key: 'who', label: t('calls.who'), cell: ({ sipUsername }) => sipUsername || '—' },
    { key: 'dialled', label: t('calls.dialled'), cell: ({ dialled }) => dialled || '—' },
    { key: 'verdict', label: t('calls.result'), cell: call => <Verdict call={call} /> },
    {
      key: 'duration',
      label: t('meetings.duration'),
      isNumber: true,
      cell: ({ startedAtMs, endedAtMs }) => duration((endedAtMs ?? now) - startedAtMs),
    },
    { key: 'device', label: t('calls.device'), isExtra: true, cell: call => call.userAgent || '—' },
    { key: 'from', label: t('calls.address'), isExtra: true, cell: call => call.remoteAddr },
  ];
}
