import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { useApp } from '../lib/hooks.ts';
import type { Language } from '../lib/preferences.ts';
import { SetUpForm } from '../parts/SetUpForm.tsx';
import { SignInForm } from '../parts/SignInForm.tsx';

const ORGANISATION_SIGN_IN = '/api/v1/session/organisation';

/** The way in; the first time it makes the first administrator. */
export function SignIn() {
  const { session, preferences } = useApp();
  const { t } = useTranslation();
  const { view } = useStore(session.store);
  const { language } = useStore(preferences.store);
  const [setupCode] = useState(takeSetupCode);
  const other: Language = language === 'vi' ? 'en' : 'vi';
  return (
    <main className="alone">
      <div className="card">
        <p className="brand">{t('appName')}</p>
        {view?.setupNeeded ? (
          <SetUpForm setupCode={setupCode} />
        ) : (
          <>
            <h1>{t('session.title')}</h1>
            <SignInForm />
            {view?.organisationSignIn && (
              <a className="button" href={ORGANISATION_SIGN_IN}>
                {t('session.organisation', { name: view.organisationSignIn })}
              </a>
            )}
          </>
        )}
        <Button className="quiet" onPress={() => preferences.setLanguage(other)}>
          <span lang={other}>{t(`languages.${other}`)}</span>
        </Button>
      </div>
    </main>
  );
}

/** From `/admin#setup=…`, as the program printed it; taken out of the address at once. */
function takeSetupCode(): string {
  const code = new URLSearchParams(location.hash.slice(1)).get('setup') ?? '';
  if (code) history.replaceState(null, '', location.pathname + location.search);
  return code;
}
