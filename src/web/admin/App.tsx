import { Suspense, useEffect } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../shared/store.ts';
import { useApp, usePlace } from './lib/hooks.ts';
import { SignIn } from './pages/SignIn.tsx';
import { NoticeList } from './parts/Notices.tsx';
import { PageBoundary } from './parts/PageBoundary.tsx';
import { Shell } from './parts/Shell.tsx';
import { SignInAgain } from './parts/SignInAgain.tsx';
import { Empty, Loading } from './parts/States.tsx';
import { pageAt } from './routes.tsx';

/** Sign-in or a page, by who sits before it. */
export function App() {
  const { session, preferences } = useApp();
  const { t, i18n } = useTranslation();
  const { phase } = useStore(session.store);
  const { language } = useStore(preferences.store);
  useEffect(() => {
    void i18n.changeLanguage(language);
    document.documentElement.lang = language;
  }, [i18n, language]);

  switch (phase) {
    case 'starting':
      return <Loading />;
    case 'unreachable':
      return (
        <main className="alone">
          <Empty icon="alert" title={t('session.unreachable')} hint={t('session.unreachableHint')}>
            <Button onPress={() => void session.load()}>{t('common.retry')}</Button>
          </Empty>
        </main>
      );
    case 'signed-out':
      return <SignIn />;
    case 'signed-in':
    case 'expired':
      return (
        <>
          <Shell>
            <CurrentPage />
          </Shell>
          {phase === 'expired' && <SignInAgain />}
          <NoticeList />
        </>
      );
  }
}

function CurrentPage() {
  const { t } = useTranslation();
  const { path } = usePlace();
  const { page: Page, params, title } = pageAt(path);
  useEffect(() => {
    document.title = `${t(title)} · ${t('appName')}`;
  }, [t, title]);
  return (
    <PageBoundary key={path.split('/')[1]}>
      <Suspense fallback={<Loading />}>
        <Page {...params} />
      </Suspense>
    </PageBoundary>
  );
}
