import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './locales/en.ts';
import { vi } from './locales/vi.ts';

/** Words in both languages. */
export interface Words {
  readonly vi: object;
  readonly en: object;
}

/** Words in the browser's language: Vietnamese or, for everybody else, English. */
export async function startI18n(
  languages: readonly string[] = navigator.languages,
  words: Words = { vi, en },
): Promise<void> {
  const wantsVietnamese = (languages[0] ?? 'en').toLowerCase().startsWith('vi');
  const lng = wantsVietnamese ? 'vi' : 'en';
  await i18next.use(initReactI18next).init({
    lng,
    fallbackLng: 'en',
    resources: { vi: { translation: words.vi }, en: { translation: words.en } },
    interpolation: { escapeValue: false }, // React escapes
  });
  document.documentElement.lang = lng;
}
