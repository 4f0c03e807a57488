import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import type { SiteGroupView } from '../../../contract/sites.ts';
import { useAct, useAnswer, useApp } from '../lib/hooks.ts';
import { TextInput } from '../parts/Fields.tsx';
import { Link } from '../parts/Link.tsx';
import { PageHead } from '../parts/ListTools.tsx';
import { Question } from '../parts/Question.tsx';
import { Answered, Empty } from '../parts/States.tsx';

/** Groups of sites, for what people may see and change. */
export function Groups() {
  const { client } = useApp();
  const { t } = useTranslation();
  const groups = useAnswer(operations.listSiteGroups, {}, ['site-group', 'site']);
  const [name, setName] = useState('');
  const [isBusy, act] = useAct();
  const add = async () => {
    const body = { name: name.trim() };
    if (!(await act(() => client.call(operations.createSiteGroup, { body })))) return;
    setName('');
    groups.reload();
  };
  return (
    <>
      <PageHead title={t('nav.groups')} />
      <p className="hint">{t('groups.intro')}</p>
      <Form
        className="tools"
        onSubmit={event => {
          event.preventDefault();
          void add();
        }}
      >
        <TextInput label={t('groups.name')} value={name} onChange={setName} />
        <Button type="submit" className="primary" isDisabled={isBusy || name.trim() === ''}>
          {t('groups.add')}
        </Button>
      </Form>
      <Answered answer={groups}>
        {found =>
          found.length === 0 ? (
            <Empty icon="line" title={t('groups.none')} hint={t('groups.noneHint')} />
          ) : (
            <ul className="plain cards">
              {found.map(group => (
                <Group key={group.id} group={group} onChanged={groups.reload} />
              ))}
            </ul>
          )
        }
      </Answered>
    </>
  );
}

interface GroupProps {
  readonly group: SiteGroupView;
  readonly onChanged: () => void;
}

function Group({ group: { id, name, siteCount }, onChanged }: GroupProps) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [asks, setAsks] = useState<'rename' | 'delete'>();
  const [typed, setTyped] = useState(name);
  const [isBusy, act] = useAct();
  const params = { id };
  const done = async (work: () => Promise<unknown>) => {
    if (!(await act(work))) return;
    setAsks(undefined);
    onChanged();
  };
  return (
    <li className="row card-row">
      <strong>{name}</strong>
      <Link to={`/sites?group=${id}`}>{t('groups.sites', { count: siteCount })}</Link>
      <Button onPress={() => setAsks('rename')}>{t('groups.rename')}</Button>
      <Button className="quiet danger-words" onPress={() => setAsks('delete')}>
        {t('groups.delete')}
      </Button>
      {asks === 'rename' && (
        <Question
          title={t('groups.rename')}
          action={t('common.save')}
          isBusy={isBusy || typed.trim() === ''}
          onYes={() =>
            void done(() =>
              client.call(operations.renameSiteGroup, { params, body: { name: typed.trim() } }),
            )
          }
          onClose={() => setAsks(undefined)}
        >
          <TextInput label={t('groups.name')} value={typed} onChange={setTyped} autoFocus />
        </Question>
      )}
      {asks === 'delete' && (
        <Question
          title={t('groups.deleteAsk', { name })}
          action={t('groups.delete')}
          isDangerous
          isBusy={isBusy}
          onYes={() => void done(() => client.call(operations.deleteSiteGroup, { params }))}
          onClose={() => setAsks(undefined)}
        >
          <p>{t('groups.deleteHint')}</p>
        </Question>
      )}
    </li>
  );
}
