import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useApp } from '../lib/hooks.ts';
import { type Problem, toProblem } from '../lib/problem.ts';
import { problemText } from '../lib/words.ts';
import { TextInput } from './Fields.tsx';

const MIN_PASSWORD = 12;

/** Makes the first administrator, by the code the program printed at its first start. */
export function SetUpForm({ setupCode: given }: { readonly setupCode: string }) {
  const { session } = useApp();
  const { t } = useTranslation();
  const [setupCode, setSetupCode] = useState(given);
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const isShort = password.length < MIN_PASSWORD;

  const setUp = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await session.setUp({ setupCode, login: login.trim(), name: name.trim(), password });
    } catch (thrown) {
      setProblem(toProblem(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form
      className="stack"
      onSubmit={event => {
        event.preventDefault();
        void setUp();
      }}
    >
      <h1>{t('setup.title')}</h1>
      <p>{t('setup.intro')}</p>
      <TextInput
        label={t('setup.code')}
        hint={t('setup.codeHint')}
        value={setupCode}
        onChange={setSetupCode}
        isRequired
      />
      <TextInput label={t('people.name')} value={name} onChange={setName} isRequired />
      <TextInput
        label={t('session.login')}
        hint={t('people.loginHint')}
        value={login}
        onChange={setLogin}
        autoComplete="username"
        isRequired
      />
      <TextInput
        label={t('session.password')}
        hint={t('people.passwordHint')}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        isRequired
      />
      {problem && (
        <p className="problem" role="alert">
          {problem.code === 'not-authorized' ? t('setup.wrongCode') : problemText(problem, t)}
        </p>
      )}
      <Button
        type="submit"
        className="primary"
        isDisabled={isBusy || isShort || !setupCode || !login.trim() || !name.trim()}
      >
        {t('setup.create')}
      </Button>
    </Form>
  );
}
