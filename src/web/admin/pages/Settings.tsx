import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import { matches } from '../../shared/search.ts';
import { useAnswer } from '../lib/hooks.ts';
import { TextInput } from '../parts/Fields.tsx';
import { PageHead } from '../parts/ListTools.tsx';
import { Answered } from '../parts/States.tsx';
import { Table } from '../parts/Table.tsx';

/** Settings in force and where each comes from. */
export function SettingsPage() {
  const { t } = useTranslation();
  const settings = useAnswer(operations.listSettings, {});
  const [typed, setTyped] = useState('');
  return (
    <>
      <PageHead title={t('nav.settings')} />
      <p className="hint">{t('settings.intro')}</p>
      <div className="tools">
        <TextInput label={t('settings.search')} value={typed} onChange={setTyped} />
      </div>
      <Answered answer={settings}>
        {found => (
          <Table
            label={t('nav.settings')}
            rows={found.filter(({ name, value }) => matches(typed, `${name} ${value}`))}
            keyOf={({ name }) => name}
            columns={[
              { key: 'name', label: t('settings.name'), cell: one => <code>{one.name}</code> },
              { key: 'value', label: t('settings.value'), cell: one => one.value || '—' },
              {
                key: 'origin',
                label: t('settings.origin'),
                cell: one => t(`settings.origins.${one.origin}`, { defaultValue: one.origin }),
              },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
