import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import type { SiteView } from '../../../../contract/sites.ts';
import { useStore } from '../../../shared/store.ts';
import { useAct, useAnswer, useApp, useCan, useLive } from '../../lib/hooks.ts';
import { saveDraft } from '../../lib/saving.ts';
import {
  emptySite,
  type SiteForm,
  siteFormOf,
  siteInputOf,
  sitePatchOf,
  siteProblems,
} from '../../lib/site-form.ts';
import { withStatus } from '../../lib/site-status.ts';
import { Panel } from '../Panel.tsx';
import { Question } from '../Question.tsx';
import { SaveBar } from '../SaveBar.tsx';
import { Answered } from '../States.tsx';
import { EndpointStates } from './EndpointStates.tsx';
import { SiteFields } from './SiteFields.tsx';

export interface SitePanelProps {
  /** `new` for one that is to be made. */
  readonly siteId: string;
  readonly onClose: () => void;
}

/** A site at the side: how it is, and everything that can be changed of it. */
export function SitePanel({ siteId, onClose }: SitePanelProps) {
  return siteId === 'new' ? (
    <SiteEditor site={undefined} onClose={onClose} />
  ) : (
    <KnownSite siteId={siteId} onClose={onClose} />
  );
}

function KnownSite({ siteId, onClose }: SitePanelProps) {
  const { t } = useTranslation();
  const live = useLive('sites');
  const site = useAnswer(operations.getSite, { params: { id: siteId } }, ['site']);
  if (!site.data)
    return (
      <Panel title={t('sites.one')} onClose={onClose}>
        <Answered answer={site}>{() => null}</Answered>
      </Panel>
    );
  return <SiteEditor site={withStatus(site.data, live.sites.get(siteId))} onClose={onClose} />;
}

interface SiteEditorProps {
  readonly site: SiteView | undefined;
  readonly onClose: () => void;
}

function SiteEditor({ site, onClose }: SiteEditorProps) {
  const app = useApp();
  const { t } = useTranslation();
  const mayWrite = useCan('sites.write');
  const [asksDelete, setAsksDelete] = useState(false);
  const [isBusy, act] = useAct();
  const key = `site:${site?.id ?? 'new'}`;
  const draft = app.drafts.of<SiteForm>(key, site ? siteFormOf(site) : emptySite, site?.version);
  const { form, fields } = useStore(draft.store);

  const save = async () => {
    const problems = siteProblems(form, site?.version);
    if (problems.length > 0) return draft.store.set({ fields: problems });
    const saved = await saveDraft(app, {
      draft,
      formOf: siteFormOf,
      save: () => sendSite(app, draft.changed, form, site?.id, draft.store.get().version),
      current: () => app.client.call(operations.getSite, { params: { id: site?.id ?? '' } }),
      of: { entity: 'site', id: site?.id ?? '' },
    });
    if (!saved) return;
    app.notices.add('done', t('sites.saved', { name: saved.name }));
    if (!site) app.drafts.forget(key);
    if (!site) onClose();
  };
  const remove = async () => {
    const id = site?.id ?? '';
    const work = () => app.client.call(operations.deleteSite, { params: { id } });
    if (!(await act(work, t('sites.deleted', { name: site?.name })))) return;
    app.drafts.forget(key);
    onClose();
  };

  return (
    <Panel
      title={site?.name ?? t('sites.add')}
      onClose={onClose}
      footer={
        mayWrite && (
          <>
            <SaveBar
              draft={draft}
              onSave={() => void save()}
              onDiscard={() => draft.discard()}
              nameOf={field => t(`sites.fields.${field}`)}
            />
            {site && (
              <Button className="quiet danger-words" onPress={() => setAsksDelete(true)}>
                {t('sites.delete')}
              </Button>
            )}
          </>
        )
      }
    >
      {site && <EndpointStates site={site} />}
      <SiteFields
        form={form}
        fields={fields}
        isDisabled={!mayWrite}
        onChange={change => draft.change(change)}
        withPassword={new Set(site?.endpoints.filter(one => one.hasPassword).map(({ id }) => id))}
      />
      {asksDelete && (
        <Question
          title={t('sites.deleteAsk', { name: site?.name })}
          action={t('sites.delete')}
          isDangerous
          isBusy={isBusy}
          onYes={() => void remove()}
          onClose={() => setAsksDelete(false)}
        >
          <p>{t('sites.deleteHint')}</p>
        </Question>
      )}
    </Panel>
  );
}

function sendSite(
  { client }: ReturnType<typeof useApp>,
  changed: readonly (keyof SiteForm)[],
  form: SiteForm,
  id: string | undefined,
  version: number | undefined,
): Promise<SiteView> {
  if (id === undefined || version === undefined)
    return client.call(operations.createSite, {
      body: siteInputOf(form),
      idempotencyKey: crypto.randomUUID(),
    });
  const body = sitePatchOf(form, changed, version);
  return client.call(operations.updateSite, { params: { id }, body });
}
