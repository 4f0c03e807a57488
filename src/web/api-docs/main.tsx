import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { ApiDocsPage } from './ApiDocsPage.tsx';
import './style.css';
import { initReactI18next } from 'react-i18next';
import { apiDocsWords } from './words.ts';

const app = document.getElementById('app');
if (app) {
  const lng = (navigator.language ?? 'en').toLowerCase().startsWith('vi') ? 'vi' : 'en';
  await i18next.use(initReactI18next).init({
    lng,
    fallbackLng: 'en',
    resources: {
      vi: { translation: apiDocsWords.vi },
      en: { translation: apiDocsWords.en },
    },
    interpolation: { escapeValue: false }, // React escapes
  });
  document.documentElement.lang = lng;
  createRoot(app).render(<ApiDocsPage />);
}
