import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useApp } from '../lib/hooks.ts';
import { type Problem, toProblem } from '../lib/problem.ts';
import { problemText } from '../lib/words.ts';
import { TextInput } from './Fields.tsx';

/** Account and password, then a code of the second factor where there is one. */
export function SignInForm({ login: known = '' }: { readonly login?: string }) {
  const { session } = useApp();
  const { t } = useTranslation();
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);

  const signIn = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await session.signIn({ login: login.trim(), password, ...(code && { code: code.trim() }) });
    } catch (thrown) {
      const failed = toProblem(thrown);
      const isFirstQuestion = failed.code === 'second-factor-required' && !asksCode;
      if (failed.code === 'second-factor-required') setAsksCode(true);
      setProblem(isFirstQuestion ? undefined : failed);
      setCode('');
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form
      className="stack"
      onSubmit={event => {
        event.preventDefault();
        void signIn();
      }}
    >
      <TextInput
        label={t('session.login')}
        name="username"
        value={login}
        onChange={setLogin}
        autoComplete="username"
        isRequired
        autoFocus={!known}
      />
      <TextInput
        label={t('session.password')}
        name="password"
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        isRequired
        autoFocus={known !== ''}
      />
      {asksCode && (
        <TextInput
          label={t('session.code')}
          hint={t('session.codeHint')}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          isRequired
          autoFocus
        />
      )}
      {problem && (
        <p className="problem" role="alert">
          {problemText(problem, t)}
        </p>
      )}
      <Button type="submit" className="primary" isDisabled={isBusy}>
        {isBusy ? t('session.signingIn') : t('session.signIn')}
      </Button>
    </Form>
  );
}
