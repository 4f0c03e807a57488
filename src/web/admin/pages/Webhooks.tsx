import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { WebhookView } from '../../../contract/jobs.ts';
import { operations } from '../../../contract/operations.ts';
import { dateTime } from '../lib/format.ts';
import { useAnswer, useApp, usePlace } from '../lib/hooks.ts';
import { withQuery } from '../lib/router.ts';
import { Icon } from '../parts/Icon.tsx';
import { Link } from '../parts/Link.tsx';
import { PAGE_SIZE, PageHead, useListPlace } from '../parts/ListTools.tsx';
import { PagedTable } from '../parts/PagedTable.tsx';
import { Empty } from '../parts/States.tsx';
import { Status } from '../parts/Status.tsx';
import type { Column } from '../parts/Table.tsx';
import { WebhookPanel } from '../parts/webhooks/WebhookPanel.tsx';

/** Programs of others that are told of events. */
export function Webhooks({ webhookId }: { readonly webhookId?: string }) {
  const { router } = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const place = useListPlace('name');
  const [secret, setSecret] = useState<string>();
  const page = useAnswer(
    operations.listWebhooks,
    { query: { sort: place.sort as 'name', limit: PAGE_SIZE, offset: place.offset } },
    ['webhook'],
  );
  const columns = useColumns();
  const go = (path: string) => router.go(withQuery(path, query, {}));
  const add = (
    <Button className="primary" onPress={() => go('/webhooks/new')}>
      <Icon name="plus" />
      {t('webhooks.add')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('nav.webhooks')}>{add}</PageHead>
      {secret && (
        <div className="once" role="status">
          <p>{t('webhooks.secretOnce')}</p>
          <code>{secret}</code>
        </div>
      )}
      <PagedTable
        answer={page}
        place={place}
        label={t('nav.webhooks')}
        columns={columns}
        keyOf={({ id }) => id}
        current={webhookId}
        empty={
          <Empty icon="hook" title={t('webhooks.none')} hint={t('webhooks.noneHint')}>
            {add}
          </Empty>
        }
      />
      {webhookId && (
        <WebhookPanel
          key={webhookId}
          webhook={page.data?.items.find(({ id }) => id === webhookId)}
          isNew={webhookId === 'new'}
          onSecret={setSecret}
          onClose={() => go('/webhooks')}
        />
      )}
    </>
  );
}

function useColumns(): Column<WebhookView>[] {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  return [
    {
      key: 'name',
      label: t('webhooks.fields.name'),
      sort: 'name',
      cell: ({ id, name }) => <Link to={withQuery(`/webhooks/${id}`, query, {})}>{name}</Link>,
    },
    { key: 'url', label: t('webhooks.fields.url'), cell: ({ url }) => <code>{url}</code> },
    {
      key: 'events',
      label: t('webhooks.fields.events'),
      isExtra: true,
      cell: ({ events }) => events.map(one => t(`webhooks.events.${key(one)}`)).join(', '),
    },
    {
      key: 'state',
      label: t('webhooks.last'),
      cell: ({ enabled, lastDelivery }) => {
        if (!enabled) return <Status tone="idle">{t('webhooks.off')}</Status>;
        if (!lastDelivery) return <Status tone="idle">{t('webhooks.nothingYet')}</Status>;
        const { ok, atMs, detail, waiting } = lastDelivery;
        return (
          <>
            <Status tone={ok ? 'good' : 'bad'}>
              {t(ok ? 'webhooks.taken' : 'webhooks.refused')}
            </Status>
            <span className="hint">
              {dateTime(atMs, i18n.language)} {detail}
              {waiting > 0 && ` · ${t('webhooks.waiting', { count: waiting })}`}
            </span>
          </>
        );
      },
    },
  ];
}

/** `meeting.started` as a key of words, which a dot would divide. */
function key(event: string): string {
  return event.replace('.', '-');
}
