import { useState } from 'react';
import { Button, Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { WebhookEvent, WebhookInput, type WebhookView } from '../../../../contract/jobs.ts';
import { operations } from '../../../../contract/operations.ts';
import { useStore } from '../../../shared/store.ts';
import { useAct, useApp } from '../../lib/hooks.ts';
import { saveDraft } from '../../lib/saving.ts';
import { TextInput, Toggle } from '../Fields.tsx';
import { useFieldErrors } from '../field-errors.ts';
import { Panel } from '../Panel.tsx';
import { Question } from '../Question.tsx';
import { SaveBar } from '../SaveBar.tsx';
import { Loading } from '../States.tsx';

export interface WebhookPanelProps {
  readonly webhook: WebhookView | undefined;
  readonly isNew: boolean;
  /** The secret of a new one, which is told this once. */
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}

export function WebhookPanel(props: WebhookPanelProps) {
  const { t } = useTranslation();
  if (props.webhook || props.isNew) return <Editor {...props} />;
  return (
    <Panel title={t('webhooks.one')} onClose={props.onClose}>
      <Loading />
    </Panel>
  );
}

const empty: WebhookInput = { name: '', url: '', events: ['call.ended'], enabled: true };

function formOf({ name, url, events, enabled }: WebhookInput): WebhookInput {
  return { name, url, events, enabled };
}

function Editor({ webhook, onSecret, onClose }: WebhookPanelProps) {
  const app = useApp();
  const { client, drafts } = app;
  const { t } = useTranslation();
  const [asksDelete, setAsksDelete] = useState(false);
  const [isBusy, act] = useAct();
  const key = `webhook:${webhook?.id ?? 'new'}`;
  const draft = drafts.of<WebhookInput>(key, webhook ? formOf(webhook) : empty, webhook?.version);
  const { form, fields } = useStore(draft.store);
  const errorOf = useFieldErrors(fields);
  const params = { id: webhook?.id ?? '' };

  const send = async (): Promise<WebhookView> => {
    const { version } = draft.store.get();
    if (webhook && version !== undefined) {
      const changed = Object.fromEntries(draft.changed.map(field => [field, form[field]]));
      return client.call(operations.updateWebhook, { params, body: { version, ...changed } });
    }
    const made = await client.call(operations.createWebhook, { body: form });
    onSecret(made.secret);
    return made;
  };
  const save = async () => {
    const parsed = WebhookInput.safeParse(form);
    if (!parsed.success) {
      const issues = parsed.error.issues;
      const problems = issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      return draft.store.set({ fields: problems });
    }
    const of = { entity: 'webhook', id: params.id };
    const saved = await saveDraft(app, { draft, formOf, save: send, current: reread, of });
    if (!saved || webhook) return;
    drafts.forget(key);
    onClose();
  };
  const reread = async (): Promise<WebhookView> => {
    const { items } = await client.call(operations.listWebhooks, { query: { limit: 500 } });
    const found = items.find(({ id }) => id === webhook?.id);
    if (!found) throw new Error('the webhook is gone');
    return found;
  };
  const remove = async () => {
    if (!(await act(() => client.call(operations.deleteWebhook, { params })))) return;
    drafts.forget(key);
    onClose();
  };

  return (
    <Panel
      title={webhook?.name ?? t('webhooks.add')}
      onClose={onClose}
      footer={
        <>
          <SaveBar
            draft={draft}
            onSave={() => void save()}
            onDiscard={() => draft.discard()}
            nameOf={field => t(`webhooks.fields.${field}`)}
          />
          {webhook && (
            <Button className="quiet danger-words" onPress={() => setAsksDelete(true)}>
              {t('webhooks.delete')}
            </Button>
          )}
        </>
      }
    >
      <fieldset className="fields">
        <legend>{t('webhooks.one')}</legend>
        <TextInput
          label={t('webhooks.fields.name')}
          value={form.name}
          error={errorOf('name')}
          onChange={name => draft.change({ name })}
          isRequired
        />
        <TextInput
          label={t('webhooks.fields.url')}
          hint={t('webhooks.urlHint')}
          type="url"
          value={form.url}
          error={errorOf('url')}
          onChange={url => draft.change({ url })}
          isRequired
        />
        <CheckboxGroup
          className="field"
          value={[...form.events]}
          isInvalid={errorOf('events') !== undefined}
          onChange={events => draft.change({ events: events as WebhookEvent[] })}
        >
          <Label>{t('webhooks.fields.events')}</Label>
          {WebhookEvent.options.map(event => (
            <Checkbox key={event} value={event} className="check">
              <span className="check-box" aria-hidden="true" />
              {t(`webhooks.events.${event.replace('.', '-')}`)}
            </Checkbox>
          ))}
        </CheckboxGroup>
        <Toggle
          label={t('webhooks.fields.enabled')}
          isOn={form.enabled}
          onChange={enabled => draft.change({ enabled })}
        />
      </fieldset>
      {asksDelete && (
        <Question
          title={t('webhooks.deleteAsk', { name: webhook?.name })}
          action={t('webhooks.delete')}
          isDangerous
          isBusy={isBusy}
          onYes={() => void remove()}
          onClose={() => setAsksDelete(false)}
        />
      )}
    </Panel>
  );
}
