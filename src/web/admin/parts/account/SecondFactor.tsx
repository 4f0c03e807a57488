import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../../../contract/operation.ts';
import { operations } from '../../../../contract/operations.ts';
import { useAct, useApp } from '../../lib/hooks.ts';
import { TextInput } from '../Fields.tsx';
import { Status } from '../Status.tsx';

type Secret = AnswerOf<typeof operations.beginSecondFactor>;

/** Turning the second factor on in three steps (password, picture, code), and off. */
export function SecondFactor({ isOn }: { readonly isOn: boolean }) {
  const { client, session } = useApp();
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [secret, setSecret] = useState<Secret>();
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>();
  const [isBusy, act] = useAct();

  const begin = () =>
    act(async () => {
      setSecret(await client.call(operations.beginSecondFactor, { body: { password } }));
      setPassword('');
    });
  const confirm = (code: string) =>
    act(async () => {
      const { recoveryCodes: codes } = await client.call(operations.confirmSecondFactor, {
        body: { code },
      });
      setRecoveryCodes(codes);
      setSecret(undefined);
      await session.load();
    });
  const remove = () =>
    act(async () => {
      await client.call(operations.removeSecondFactor, { body: { password } });
      setPassword('');
      setRecoveryCodes(undefined);
      await session.load();
    }, t('account.secondFactorRemoved'));

  return (
    <section className="card-box">
      <h2>{t('account.secondFactor')}</h2>
      <p>
        <Status tone={isOn ? 'good' : 'warn'}>
          {t(isOn ? 'people.hasSecondFactor' : 'people.noSecondFactor')}
        </Status>
      </p>
      {recoveryCodes && <RecoveryCodes codes={recoveryCodes} />}
      {secret ? (
        <ConfirmSecret secret={secret} isBusy={isBusy} onConfirm={code => void confirm(code)} />
      ) : (
        <Form
          className="stack"
          onSubmit={event => {
            event.preventDefault();
            void (isOn ? remove() : begin());
          }}
        >
          <p className="hint">{t(isOn ? 'account.secondFactorOff' : 'account.secondFactorWhy')}</p>
          <TextInput
            label={t('account.currentPassword')}
            type="password"
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
          />
          <Button
            type="submit"
            className={isOn ? 'danger' : 'primary'}
            isDisabled={isBusy || password === ''}
          >
            {t(isOn ? 'account.removeSecondFactor' : 'account.setSecondFactor')}
          </Button>
        </Form>
      )}
    </section>
  );
}

interface ConfirmSecretProps {
  readonly secret: Secret;
  readonly isBusy: boolean;
  readonly onConfirm: (code: string) => void;
}

function ConfirmSecret({ secret, isBusy, onConfirm }: ConfirmSecretProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  return (
    <Form
      className="stack"
      onSubmit={event => {
        event.preventDefault();
        onConfirm(code.trim());
      }}
    >
      <p>{t('account.scan')}</p>
      <img
        className="qr"
        src={`data:image/svg+xml,${encodeURIComponent(secret.qrSvg)}`}
        alt={t('account.qr')}
      />
      <p className="hint">
        {t('account.orType')} <code>{secret.secret}</code>
      </p>
      <TextInput
        label={t('session.code')}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        autoFocus
      />
      <Button type="submit" className="primary" isDisabled={isBusy || code.trim().length < 6}>
        {t('account.confirm')}
      </Button>
    </Form>
  );
}

function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <div className="once" role="status">
      <p>{t('account.recoveryCodes')}</p>
      <ul className="plain codes">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
