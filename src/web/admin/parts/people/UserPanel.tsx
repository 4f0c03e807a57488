import { useState } from 'react';
import { Button, Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import type { UserView } from '../../../../contract/people.ts';
import { Role } from '../../../../contract/permissions.ts';
import { useStore } from '../../../shared/store.ts';
import type { Draft } from '../../lib/drafts.ts';
import { useAct, useAnswer, useApp, useCan } from '../../lib/hooks.ts';
import { saveDraft } from '../../lib/saving.ts';
import {
  emptyUser,
  type UserForm,
  userFormOf,
  userInputOf,
  userPatchOf,
} from '../../lib/user-form.ts';
import { Choice, TextInput, Toggle } from '../Fields.tsx';
import { useFieldErrors } from '../field-errors.ts';
import { Panel } from '../Panel.tsx';
import { Question } from '../Question.tsx';
import { SaveBar } from '../SaveBar.tsx';
import { Answered } from '../States.tsx';

/** An account at the side. */
export function UserPanel({ userId, onClose }: { userId: string; onClose: () => void }) {
  return userId === 'new' ? (
    <Editor user={undefined} onClose={onClose} />
  ) : (
    <KnownUser userId={userId} onClose={onClose} />
  );
}

function KnownUser({ userId, onClose }: { userId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const user = useAnswer(operations.getUser, { params: { id: userId } }, ['user']);
  if (!user.data)
    return (
      <Panel title={t('people.one')} onClose={onClose}>
        <Answered answer={user}>{() => null}</Answered>
      </Panel>
    );
  return <Editor user={user.data} onClose={onClose} />;
}

interface EditorProps {
  readonly user: UserView | undefined;
  readonly onClose: () => void;
}

function Editor({ user, onClose }: EditorProps) {
  const app = useApp();
  const { client, drafts, notices, session } = app;
  const { t } = useTranslation();
  const mayWrite = useCan('people.write');
  const [asksDelete, setAsksDelete] = useState(false);
  const [isBusy, act] = useAct();
  const key = `user:${user?.id ?? 'new'}`;
  const draft = drafts.of<UserForm>(key, user ? userFormOf(user) : emptyUser, user?.version);
  const { form } = useStore(draft.store);
  const params = { id: user?.id ?? '' };
  const isSelf = session.store.get().view?.user?.id === user?.id;

  const send = (): Promise<UserView> => {
    const { version } = draft.store.get();
    if (!user || version === undefined)
      return client.call(operations.createUser, { body: userInputOf(form) });
    const body = userPatchOf(form, draft.changed, version);
    return client.call(operations.updateUser, { params, body });
  };
  const save = async () => {
    const current = () => client.call(operations.getUser, { params });
    const of = { entity: 'user', id: params.id };
    const saved = await saveDraft(app, { draft, formOf: userFormOf, save: send, current, of });
    if (!saved) return;
    notices.add('done', t('people.saved', { name: saved.name }));
    if (user) return;
    drafts.forget(key);
    onClose();
  };
  const remove = async () => {
    if (!(await act(() => client.call(operations.deleteUser, { params })))) return;
    drafts.forget(key);
    onClose();
  };

  return (
    <Panel
      title={user?.name ?? t('people.add')}
      onClose={onClose}
      footer={
        mayWrite && (
          <>
            <SaveBar
              draft={draft}
              onSave={() => void save()}
              onDiscard={() => draft.discard()}
              nameOf={field => t(`people.fields.${field}`)}
            />
            {user && !isSelf && (
              <Button className="quiet danger-words" onPress={() => setAsksDelete(true)}>
                {t('people.delete')}
              </Button>
            )}
          </>
        )
      }
    >
      <UserFields draft={draft} isDisabled={!mayWrite} isNew={!user} isSelf={isSelf} />
      {user?.secondFactor && mayWrite && <ResetSecondFactor user={user} />}
      {asksDelete && (
        <Question
          title={t('people.deleteAsk', { name: user?.name })}
          action={t('people.delete')}
          isDangerous
          isBusy={isBusy}
          onYes={() => void remove()}
          onClose={() => setAsksDelete(false)}
        >
          <p>{t('people.deleteHint')}</p>
        </Question>
      )}
    </Panel>
  );
}

interface UserFieldsProps {
  readonly draft: Draft<UserForm>;
  readonly isDisabled: boolean;
  readonly isNew: boolean;
  readonly isSelf: boolean;
}

function UserFields({ draft, isDisabled, isNew, isSelf }: UserFieldsProps) {
  const { t } = useTranslation();
  const { form, fields } = useStore(draft.store);
  const errorOf = useFieldErrors(fields);
  const groups = useAnswer(operations.listSiteGroups, {}, ['site-group']);
  const text = (field: 'login' | 'name' | 'password') => ({
    label: t(`people.fields.${field}`),
    value: form[field],
    error: errorOf(field),
    isDisabled,
    onChange: (value: string) => draft.change({ [field]: value }),
  });
  return (
    <fieldset className="fields">
      <legend>{t('people.about')}</legend>
      <TextInput {...text('name')} isRequired />
      <TextInput
        {...text('login')}
        isDisabled={isDisabled || !isNew}
        hint={t('people.loginHint')}
        isRequired
      />
      <Choice
        label={t('people.role')}
        hint={t(`people.roleHints.${form.role}`)}
        value={form.role}
        isDisabled={isDisabled || isSelf}
        options={Role.options.map(one => ({ value: one, label: t(`people.roles.${one}`) }))}
        onChange={role => draft.change({ role })}
      />
      <TextInput
        {...text('password')}
        type="password"
        autoComplete="new-password"
        hint={t(isNew ? 'people.passwordHint' : 'people.newPasswordHint')}
      />
      {(groups.data?.length ?? 0) > 0 && (
        <CheckboxGroup
          className="field"
          value={[...form.groupIds]}
          isDisabled={isDisabled}
          onChange={groupIds => draft.change({ groupIds })}
        >
          <Label>{t('people.fields.groupIds')}</Label>
          <p className="hint">{t('people.groupsHint')}</p>
          {(groups.data ?? []).map(({ id, name }) => (
            <Checkbox key={id} value={id} className="check">
              <span className="check-box" aria-hidden="true" />
              {name}
            </Checkbox>
          ))}
        </CheckboxGroup>
      )}
      {!isNew && !isSelf && (
        <Toggle
          label={t('people.fields.disabled')}
          hint={t('people.disabledHint')}
          isOn={form.disabled}
          isDisabled={isDisabled}
          onChange={disabled => draft.change({ disabled })}
        />
      )}
    </fieldset>
  );
}

function ResetSecondFactor({ user: { id, name, version } }: { readonly user: UserView }) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const [isBusy, act] = useAct();
  const reset = async () => {
    const body = { version, secondFactor: false } as const;
    const work = () => client.call(operations.updateUser, { params: { id }, body });
    if (await act(work, t('people.secondFactorReset', { name }))) setAsks(false);
  };
  return (
    <>
      <Button onPress={() => setAsks(true)}>{t('people.resetSecondFactor')}</Button>
      {asks && (
        <Question
          title={t('people.resetSecondFactorAsk', { name })}
          action={t('people.resetSecondFactor')}
          isDangerous
          isBusy={isBusy}
          onYes={() => void reset()}
          onClose={() => setAsks(false)}
        >
          <p>{t('people.resetSecondFactorHint')}</p>
        </Question>
      )}
    </>
  );
}
