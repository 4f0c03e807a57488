import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import type { AuditEntryView } from '../../../contract/people.ts';
import { midnight } from '../lib/calendar.ts';
import { dateTime } from '../lib/format.ts';
import { useAnswer } from '../lib/hooks.ts';
import { Changes } from '../parts/Changes.tsx';
import { DayRange } from '../parts/DayRange.tsx';
import { Choice } from '../parts/Fields.tsx';
import { PAGE_SIZE, PageHead, SearchBox, useListPlace } from '../parts/ListTools.tsx';
import { PagedTable } from '../parts/PagedTable.tsx';
import { Empty } from '../parts/States.tsx';
import type { Column } from '../parts/Table.tsx';

const ENTITIES = [
  'site',
  'conference',
  'meeting',
  'record',
  'user',
  'site-group',
  'webhook',
  'token',
] as const;
const DAY_MS = 24 * 3600 * 1000;

/** Who changed what, with before and after. */
export function Audit() {
  const { t } = useTranslation();
  const place = useListPlace('-atMs');
  const [entity, from, to] = [place.filter('entity'), place.filter('from'), place.filter('to')];
  const page = useAnswer(
    operations.listAudit,
    {
      query: {
        ...{ q: place.q, sort: place.sort as 'atMs', limit: PAGE_SIZE, offset: place.offset },
        ...(entity && { entity }),
        ...(from && { fromMs: midnight(from).getTime() }),
        ...(to && { toMs: midnight(to).getTime() + DAY_MS }),
      },
    },
    ['*'],
  );
  const columns = useColumns();
  return (
    <>
      <PageHead title={t('nav.audit')} />
      <div className="tools">
        <SearchBox label={t('audit.search')} value={place.q} onChange={q => place.set({ q })} />
        <Choice
          className="filter"
          label={t('audit.entity')}
          value={entity || 'all'}
          options={[
            { value: 'all', label: t('common.all') },
            ...ENTITIES.map(one => ({ value: one, label: t(`audit.entities.${one}`) })),
          ]}
          onChange={one => place.set({ entity: one === 'all' ? undefined : one })}
        />
        <DayRange place={place} />
      </div>
      <PagedTable
        answer={page}
        place={place}
        label={t('nav.audit')}
        columns={columns}
        keyOf={({ id }) => id}
        empty={<Empty icon="audit" title={t('common.noMatch')} hint={t('common.noMatchHint')} />}
      />
    </>
  );
}

function nameOf({ kind, name }: AuditEntryView['actor'], t: TFunction): string {
  if (kind === 'system') return t('audit.system');
  return kind === 'chair' ? t('audit.chair', { name }) : name;
}

function useColumns(): Column<AuditEntryView>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      key: 'at',
      label: t('audit.at'),
      sort: 'atMs',
      cell: ({ atMs }) => dateTime(atMs, i18n.language),
    },
    {
      key: 'who',
      label: t('audit.who'),
      cell: ({ actor }) => (
        <>
          {nameOf(actor, t)}
          {actor.address && <span className="hint"> {actor.address}</span>}
        </>
      ),
    },
    {
      key: 'what',
      label: t('audit.what'),
      cell: ({ action, entity }) => (
        <>
          {t(`audit.actions.${action}`, { defaultValue: action })}{' '}
          {t(`audit.entities.${entity}`, { defaultValue: entity })}
        </>
      ),
    },
    {
      key: 'changes',
      label: t('audit.changes'),
      cell: ({ before, after }) => <Changes before={before} after={after} />,
    },
  ];
}
