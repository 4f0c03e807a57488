import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import type { UserView } from '../../../contract/people.ts';
import { fromNow } from '../lib/format.ts';
import { useAnswer, useApp, useCan, useNow, usePlace } from '../lib/hooks.ts';
import { withQuery } from '../lib/router.ts';
import { Icon } from '../parts/Icon.tsx';
import { Link } from '../parts/Link.tsx';
import { PAGE_SIZE, PageHead, SearchBox, useListPlace } from '../parts/ListTools.tsx';
import { PagedTable } from '../parts/PagedTable.tsx';
import { UserPanel } from '../parts/people/UserPanel.tsx';
import { Empty } from '../parts/States.tsx';
import { Status } from '../parts/Status.tsx';
import type { Column } from '../parts/Table.tsx';

/** Accounts; one of them open at the side. */
export function People({ userId }: { readonly userId?: string }) {
  const { router } = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const mayWrite = useCan('people.write');
  const place = useListPlace('name');
  const page = useAnswer(
    operations.listUsers,
    { query: { q: place.q, sort: place.sort as 'name', limit: PAGE_SIZE, offset: place.offset } },
    ['user'],
  );
  const columns = useColumns();
  const go = (path: string) => router.go(withQuery(path, query, {}));
  return (
    <>
      <PageHead title={t('nav.people')}>
        {mayWrite && (
          <Button className="primary" onPress={() => go('/people/new')}>
            <Icon name="plus" />
            {t('people.add')}
          </Button>
        )}
      </PageHead>
      <div className="tools">
        <SearchBox label={t('people.search')} value={place.q} onChange={q => place.set({ q })} />
      </div>
      <PagedTable
        answer={page}
        place={place}
        label={t('nav.people')}
        columns={columns}
        keyOf={({ id }) => id}
        current={userId}
        empty={<Empty icon="people" title={t('common.noMatch')} hint={t('common.noMatchHint')} />}
      />
      {userId && <UserPanel key={userId} userId={userId} onClose={() => go('/people')} />}
    </>
  );
}

function useColumns(): Column<UserView>[] {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  const now = useNow(60_000);
  return [
    {
      key: 'name',
      label: t('people.name'),
      sort: 'name',
      cell: ({ id, name }) => <Link to={withQuery(`/people/${id}`, query, {})}>{name}</Link>,
    },
    { key: 'login', label: t('session.login'), sort: 'login', cell: ({ login }) => login },
    {
      key: 'role',
      label: t('people.role'),
      sort: 'role',
      cell: ({ role }) => t(`people.roles.${role}`),
    },
    {
      key: 'state',
      label: t('people.state'),
      cell: ({ disabled, secondFactor }) => (
        <>
          {disabled && <Status tone="bad">{t('people.disabled')}</Status>}
          <Status tone={secondFactor ? 'good' : 'idle'}>
            {t(secondFactor ? 'people.hasSecondFactor' : 'people.noSecondFactor')}
          </Status>
        </>
      ),
    },
    {
      key: 'last',
      label: t('people.lastSignIn'),
      sort: 'lastSignInAtMs',
      isExtra: true,
      cell: ({ lastSignInAtMs }) =>
        lastSignInAtMs === undefined
          ? t('people.never')
          : fromNow(lastSignInAtMs, now, i18n.language),
    },
  ];
}
