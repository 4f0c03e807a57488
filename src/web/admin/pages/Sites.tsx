import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import { SiteState, type SiteView } from '../../../contract/sites.ts';
import { useAnswer, useApp, useCan, useLive, usePlace } from '../lib/hooks.ts';
import { withQuery } from '../lib/router.ts';
import { withStatus } from '../lib/site-status.ts';
import { Choice } from '../parts/Fields.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Link } from '../parts/Link.tsx';
import { PAGE_SIZE, PageHead, Pager, SearchBox, useListPlace } from '../parts/ListTools.tsx';
import { Answered, Empty } from '../parts/States.tsx';
import { SitePanel } from '../parts/site/SitePanel.tsx';
import { SiteTable } from '../parts/site/SiteTable.tsx';

/** All sites with how they are now; one of them open at the side. */
export function Sites({ siteId }: { readonly siteId?: string }) {
  const { router } = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const mayWrite = useCan('sites.write');
  const place = useListPlace('name');
  const live = useLive('sites');
  const [state, groupId] = [place.filter('state'), place.filter('group')];
  const page = useAnswer(
    operations.listSites,
    {
      query: {
        ...{ q: place.q, sort: place.sort as 'name', limit: PAGE_SIZE, offset: place.offset },
        ...(state && { state: state as SiteState }),
        ...(groupId && { groupId }),
      },
    },
    ['site', 'site-group'],
  );
  const groups = useAnswer(operations.listSiteGroups, {}, ['site-group']);
  const go = (path: string) => router.go(withQuery(path, query, {}));
  const isFiltered = place.q !== '' || state !== '' || groupId !== '';

  return (
    <>
      <PageHead title={t('nav.sites')}>
        {mayWrite && (
          <>
            <Link to="/import" className="button">
              <Icon name="upload" />
              {t('nav.import')}
            </Link>
            <Button className="primary" onPress={() => go('/sites/new')}>
              <Icon name="plus" />
              {t('sites.add')}
            </Button>
          </>
        )}
      </PageHead>
      <div className="tools">
        <SearchBox label={t('sites.search')} value={place.q} onChange={q => place.set({ q })} />
        <Choice
          className="filter"
          label={t('sites.state')}
          value={state || 'all'}
          options={[
            { value: 'all', label: t('common.all') },
            ...SiteState.options.map(one => ({ value: one, label: t(`sites.states.${one}`) })),
          ]}
          onChange={one => place.set({ state: one === 'all' ? undefined : one })}
        />
        {(groups.data?.length ?? 0) > 0 && (
          <Choice
            className="filter"
            label={t('sites.group')}
            value={groupId || 'all'}
            options={[
              { value: 'all', label: t('common.all') },
              ...(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={one => place.set({ group: one === 'all' ? undefined : one })}
          />
        )}
      </div>
      <Answered answer={page}>
        {({ items, total }) =>
          total === 0 ? (
            <NoSites isFiltered={isFiltered} onAdd={() => go('/sites/new')} />
          ) : (
            <>
              <SiteTable
                sites={items.map((site: SiteView) => withStatus(site, live.sites.get(site.id)))}
                sort={place.sort}
                onSort={sort => place.set({ sort })}
                isLoading={page.isLoading}
                current={siteId}
              />
              <Pager place={place} total={total} />
            </>
          )
        }
      </Answered>
      {siteId && <SitePanel key={siteId} siteId={siteId} onClose={() => go('/sites')} />}
    </>
  );
}

function NoSites({ isFiltered, onAdd }: { isFiltered: boolean; onAdd: () => void }) {
  const { router } = useApp();
  const { t } = useTranslation();
  if (isFiltered)
    return (
      <Empty icon="search" title={t('common.noMatch')} hint={t('common.noMatchHint')}>
        <Button onPress={() => router.go('/sites')}>{t('common.showAll')}</Button>
      </Empty>
    );
  return (
    <Empty icon="site" title={t('sites.none')} hint={t('sites.noneHint')}>
      <Link to="/import" className="button primary">
        {t('sites.importThem')}
      </Link>
      <Button onPress={onAdd}>{t('sites.add')}</Button>
    </Empty>
  );
}
