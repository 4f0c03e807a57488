import { useState } from 'react';
import { Button, Checkbox, CheckboxGroup, Form, Label } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import type { TokenView } from '../../../../contract/people.ts';
import type { Permission } from '../../../../contract/permissions.ts';
import { useStore } from '../../../shared/store.ts';
import { dateTime } from '../../lib/format.ts';
import { useAct, useAnswer, useApp } from '../../lib/hooks.ts';
import { Choice, TextInput } from '../Fields.tsx';
import { Answered } from '../States.tsx';

const DAYS = ['30', '90', '365'] as const;
const DAY_MS = 24 * 3600 * 1000;

/** Tokens for programs: what they may do, until when, and taking them back. */
export function Tokens() {
  const { t } = useTranslation();
  const tokens = useAnswer(operations.listTokens, {}, ['token']);
  const [made, setMade] = useState<string>();
  return (
    <section className="card-box">
      <h2>{t('account.tokens')}</h2>
      <p className="hint">{t('account.tokensHint')}</p>
      {made && (
        <div className="once" role="status">
          <p>{t('account.tokenOnce')}</p>
          <code>{made}</code>
        </div>
      )}
      <Answered answer={tokens}>
        {found => (
          <ul className="plain">
            {found.map(token => (
              <Token key={token.id} token={token} onRevoked={tokens.reload} />
            ))}
          </ul>
        )}
      </Answered>
      <NewToken
        onMade={token => {
          setMade(token);
          tokens.reload();
        }}
      />
    </section>
  );
}

function Token({ token, onRevoked }: { token: TokenView; onRevoked: () => void }) {
  const { client } = useApp();
  const { t, i18n } = useTranslation();
  const [isBusy, act] = useAct();
  const revoke = async () => {
    const params = { id: token.id };
    if (await act(() => client.call(operations.revokeToken, { params }))) onRevoked();
  };
  return (
    <li className="row card-row">
      <strong>{token.name}</strong>
      <code>{token.hint}…</code>
      <span className="hint">
        {t('account.until', { date: dateTime(token.expiresAtMs, i18n.language) })}
      </span>
      <span className="hint">{token.scopes.map(one => t(`permissions.${one}`)).join(', ')}</span>
      <Button className="quiet danger-words" isDisabled={isBusy} onPress={() => void revoke()}>
        {t('account.revoke')}
      </Button>
    </li>
  );
}

function NewToken({ onMade }: { readonly onMade: (token: string) => void }) {
  const { client, session } = useApp();
  const { t } = useTranslation();
  const { view } = useStore(session.store);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Permission[]>([]);
  const [days, setDays] = useState<(typeof DAYS)[number]>('90');
  const [isBusy, act] = useAct();
  const make = () =>
    act(async () => {
      const expiresAtMs = Date.now() + Number(days) * DAY_MS;
      const body = { name: name.trim(), scopes: [...scopes], expiresAtMs };
      const { token } = await client.call(operations.createToken, { body });
      setName('');
      setScopes([]);
      onMade(token);
    });
  return (
    <details>
      <summary>{t('account.addToken')}</summary>
      <Form
        className="stack"
        onSubmit={event => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput label={t('account.tokenName')} value={name} onChange={setName} />
        <CheckboxGroup
          className="field"
          value={[...scopes]}
          onChange={chosen => setScopes(chosen as Permission[])}
        >
          <Label>{t('account.scopes')}</Label>
          {view?.permissions.map(permission => (
            <Checkbox key={permission} value={permission} className="check">
              <span className="check-box" aria-hidden="true" />
              {t(`permissions.${permission}`)}
            </Checkbox>
          ))}
        </CheckboxGroup>
        <Choice
          label={t('account.validFor')}
          value={days}
          options={DAYS.map(one => ({
            value: one,
            label: t('account.days', { count: Number(one) }),
          }))}
          onChange={setDays}
        />
        <Button
          type="submit"
          className="primary"
          isDisabled={isBusy || name.trim() === '' || scopes.length === 0}
        >
          {t('account.makeToken')}
        </Button>
      </Form>
    </details>
  );
}
