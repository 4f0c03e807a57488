import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { useApp } from '../lib/hooks.ts';
import type { Language } from '../lib/preferences.ts';
import { problemText } from '../lib/words.ts';
import { SetUpForm } from '../parts/SetUpForm.tsx';
import { SignInForm } from '../parts/SignInForm.tsx';

const ORGANISATION_SIGN_IN = '/api/v1/oidc/start';

/** The way in; the first time it makes the first administrator. */
export function SignIn() {
  const { session, preferences } = useApp();
  const { t } = useTranslation();
  const { view } = useStore(session.store);
  const { language } = useStore(preferences.store);
  const [{ setup = '', 'sign-in-failed': failed }] = useState(takeHash);
  const other: Language = language === 'vi' ? 'en' : 'vi';
  return (
    <main className="alone">
      <div className="card">
        <p className="brand">{t('appName')}</p>
        {view?.setupNeeded ? (
          <SetUpForm setupCode={setup} />
        ) : (
          <>
            <h1>{t('session.title')}</h1>
            {failed && (
              <p className="problem" role="alert">
                {problemText({ code: failed, message: failed }, t)}
              </p>
            )}
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

/**
 * What stands behind `#`: `setup=…` as the program printed it, or `sign-in-failed=…` of the
 * organisation's own. Taken out of the address at once.
 */
function takeHash(): Record<string, string> {
  const said = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  return said;
}
