import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../../contract/conferences.ts';
import { operations } from '../../../../contract/operations.ts';
import { useStore } from '../../../shared/store.ts';
import type { App } from '../../lib/app.ts';
import {
  type ConferenceForm,
  conferenceFormOf,
  conferenceInputOf,
  conferencePatchOf,
  conferenceProblems,
  emptyConference,
} from '../../lib/conference-form.ts';
import type { Draft } from '../../lib/drafts.ts';
import { useAct, useAnswer, useApp, useCan, usePlace } from '../../lib/hooks.ts';
import { saveDraft } from '../../lib/saving.ts';
import { Link } from '../Link.tsx';
import { Panel } from '../Panel.tsx';
import { Question } from '../Question.tsx';
import { SaveBar } from '../SaveBar.tsx';
import { Answered } from '../States.tsx';
import { ConferenceFields } from './ConferenceFields.tsx';

export interface ConferencePanelProps {
  /** `new` for one that is to be made. */
  readonly conferenceId: string;
  readonly onClose: () => void;
}

/** A conference at the side: everything that can be changed of it, also while it runs. */
export function ConferencePanel({ conferenceId, onClose }: ConferencePanelProps) {
  return conferenceId === 'new' ? (
    <Editor conference={undefined} onClose={onClose} />
  ) : (
    <KnownConference conferenceId={conferenceId} onClose={onClose} />
  );
}

function KnownConference({ conferenceId, onClose }: ConferencePanelProps) {
  const { t } = useTranslation();
  const conference = useAnswer(operations.getConference, { params: { id: conferenceId } }, [
    'conference',
    'mapping',
  ]);
  if (!conference.data)
    return (
      <Panel title={t('conferences.one')} onClose={onClose}>
        <Answered answer={conference}>{() => null}</Answered>
      </Panel>
    );
  return <Editor conference={conference.data} onClose={onClose} />;
}

interface EditorProps {
  readonly conference: ConferenceView | undefined;
  readonly onClose: () => void;
}

function Editor({ conference, onClose }: EditorProps) {
  const app = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const mayWrite = useCan('conferences.write');
  const mayReadRecords = useCan('records.read');
  const [asksDelete, setAsksDelete] = useState(false);
  const [isBusy, act] = useAct();
  const key = `conference:${conference?.id ?? 'new'}`;
  const base = conference ? conferenceFormOf(conference) : newConference(query.get('on'));
  const draft = app.drafts.of<ConferenceForm>(key, base, conference?.version);
  const { form, fields } = useStore(draft.store);

  const save = async () => {
    const problems = conferenceProblems(form);
    if (problems.length > 0) return draft.store.set({ fields: problems });
    const id = conference?.id ?? '';
    const saved = await saveDraft(app, {
      draft,
      formOf: conferenceFormOf,
      save: () => sendConference(app, draft, conference?.id),
      current: () => app.client.call(operations.getConference, { params: { id } }),
      of: { entity: 'conference', id },
    });
    if (!saved) return;
    app.notices.add('done', t('conferences.saved', { name: saved.name }));
    if (conference) return;
    app.drafts.forget(key);
    onClose();
  };
  const remove = async () => {
    const id = conference?.id ?? '';
    const work = () => app.client.call(operations.deleteConference, { params: { id } });
    if (!(await act(work, t('conferences.deleted', { name: conference?.name })))) return;
    app.drafts.forget(key);
    onClose();
  };

  return (
    <Panel
      size="wide"
      title={conference?.name ?? t('conferences.add')}
      onClose={onClose}
      footer={
        mayWrite && (
          <>
            <SaveBar
              draft={draft}
              onSave={() => void save()}
              onDiscard={() => draft.discard()}
              nameOf={field => t(`conferences.fields.${field}`)}
            />
            {conference && (
              <Button className="quiet danger-words" onPress={() => setAsksDelete(true)}>
                {t('conferences.delete')}
              </Button>
            )}
          </>
        )
      }
    >
      {conference && (
        <p className="row">
          <Link to={`/meetings/${conference.id}`} className="button">
            {t('conferences.toBoard')}
          </Link>
          <a className="button" href={`/c/${conference.alias}`} target="_blank" rel="noreferrer">
            {t('conferences.toRoom')}
          </a>
          {mayReadRecords && (
            <Link to={`/records?conference=${conference.id}`} className="button">
              {t('nav.records')}
            </Link>
          )}
        </p>
      )}
      <ConferenceFields
        form={form}
        fields={fields}
        isDisabled={!mayWrite}
        isNew={!conference}
        hasPin={conference?.hasPin ?? false}
        hasChairPin={conference?.hasChairPin ?? false}
        onChange={change => draft.change(change)}
      />
      {asksDelete && (
        <Question
          title={t('conferences.deleteAsk', { name: conference?.name })}
          action={t('conferences.delete')}
          isDangerous
          isBusy={isBusy}
          onYes={() => void remove()}
          onClose={() => setAsksDelete(false)}
        >
          <p>{t('conferences.deleteHint')}</p>
        </Question>
      )}
    </Panel>
  );
}

/** @param on the day it was begun from in the calendar */
function newConference(on: string | null): ConferenceForm {
  if (!on) return emptyConference;
  return { ...emptyConference, isScheduled: true, startsAt: `${on}T07:30` };
}

function sendConference(
  { client }: App,
  draft: Draft<ConferenceForm>,
  id: string | undefined,
): Promise<ConferenceView> {
  const { form, version } = draft.store.get();
  if (id === undefined || version === undefined)
    return client.call(operations.createConference, {
      body: conferenceInputOf(form),
      idempotencyKey: crypto.randomUUID(),
    });
  const body = conferencePatchOf(form, draft.changed, version);
  return client.call(operations.updateConference, { params: { id }, body });
}
