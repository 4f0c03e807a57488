import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { startI18n } from '../shared/i18n.ts';
import { App } from './App.tsx';
import { createApp } from './lib/app.ts';
import { AppContext } from './lib/hooks.ts';
import { en } from './locales/en/index.ts';
import { vi } from './locales/vi/index.ts';
import './style/index.css';

const root = document.getElementById('app');
if (root) {
  const app = createApp(window);
  await startI18n([app.preferences.store.get().language], { vi, en });
  createRoot(root).render(
    <AppContext value={app}>
      <InLanguage>
        <App />
      </InLanguage>
    </AppContext>,
  );
  await app.session.load();
}

/** Tells the component library the page's language. */
function InLanguage({ children }: { readonly children: React.ReactNode }) {
  const { i18n } = useTranslation();
  return <I18nProvider locale={i18n.language}>{children}</I18nProvider>;
}
