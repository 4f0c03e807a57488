import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../../../contract/sites.ts';
import { bitrate, fromNow } from '../../lib/format.ts';
import { useNow, usePlace } from '../../lib/hooks.ts';
import { withQuery } from '../../lib/router.ts';
import { lastChangeMs, roundTripOf, SITE_LOOKS } from '../../lib/site-status.ts';
import { Link } from '../Link.tsx';
import { Status } from '../Status.tsx';
import { type Column, Table } from '../Table.tsx';

export interface SiteTableProps {
  readonly sites: readonly SiteView[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly isLoading: boolean;
  readonly current: string | undefined;
}

export function SiteTable({ sites, sort, onSort, isLoading, current }: SiteTableProps) {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  const now = useNow(30_000);
  const columns: Column<SiteView>[] = [
    {
      key: 'name',
      label: t('sites.name'),
      sort: 'name',
      cell: site => <Link to={withQuery(`/sites/${site.id}`, query, {})}>{site.name}</Link>,
    },
    { key: 'state', label: t('sites.state'), cell: site => <SiteStatusMark site={site} /> },
    {
      key: 'number',
      label: t('sites.number'),
      sort: 'number',
      isNumber: true,
      cell: ({ number }) => number ?? '—',
    },
    {
      key: 'district',
      label: t('sites.place'),
      sort: 'district',
      isRoomy: true,
      cell: ({ name, commune, district }) =>
        [commune !== name && commune, district].filter(Boolean).join(', ') || '—',
    },
    { key: 'line', label: t('sites.line'), cell: site => <Line site={site} /> },
    {
      key: 'since',
      label: t('sites.lastChange'),
      isExtra: true,
      cell: site => {
        const at = lastChangeMs(site);
        return at === undefined ? '—' : fromNow(at, now, i18n.language);
      },
    },
    {
      key: 'contact',
      label: t('sites.contact'),
      isRoomy: true,
      cell: ({ contactName, contactPhone }) => (
        <>
          {contactName ?? '—'}
          {contactPhone && (
            <a className="phone" href={`tel:${contactPhone.replaceAll(' ', '')}`}>
              {contactPhone}
            </a>
          )}
        </>
      ),
    },
  ];
  return (
    <Table
      label={t('nav.sites')}
      columns={columns}
      rows={sites}
      keyOf={({ id }) => id}
      sort={sort}
      onSort={onSort}
      isLoading={isLoading}
      current={current}
    />
  );
}

export function SiteStatusMark({ site }: { readonly site: Pick<SiteView, 'state'> }) {
  const { t } = useTranslation();
  return <Status {...SITE_LOOKS[site.state]}>{t(`sites.states.${site.state}`)}</Status>;
}

function Line({ site }: { readonly site: SiteView }) {
  const { t, i18n } = useTranslation();
  const roundTripMs = roundTripOf(site);
  if (site.poorLine) return <Status tone="warn">{t('sites.poorLine')}</Status>;
  const known = [
    site.lineSpeedBps && bitrate(site.lineSpeedBps, i18n.language),
    roundTripMs !== undefined && `${Math.round(roundTripMs)} ms`,
  ].filter(Boolean);
  return known.length > 0 ? known.join(' · ') : '—';
}
