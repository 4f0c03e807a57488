import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import { useAct, useApp } from '../../lib/hooks.ts';
import { TextInput } from '../Fields.tsx';

const MIN_LENGTH = 12;

export function PasswordForm() {
  const { client } = useApp();
  const { t } = useTranslation();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [isBusy, act] = useAct();
  const change = async () => {
    const work = () => client.call(operations.changeOwnPassword, { body: { current, password } });
    if (!(await act(work, t('account.passwordChanged')))) return;
    setCurrent('');
    setPassword('');
  };
  return (
    <Form
      className="card-box"
      onSubmit={event => {
        event.preventDefault();
        void change();
      }}
    >
      <h2>{t('account.password')}</h2>
      <TextInput
        label={t('account.currentPassword')}
        type="password"
        value={current}
        onChange={setCurrent}
        autoComplete="current-password"
      />
      <TextInput
        label={t('account.newPassword')}
        hint={t('people.passwordHint')}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
      />
      <Button
        type="submit"
        className="primary"
        isDisabled={isBusy || current === '' || password.length < MIN_LENGTH}
      >
        {t('account.changePassword')}
      </Button>
    </Form>
  );
}
