import { Store } from '../../shared/store.ts';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'vi' | 'en';

export interface PreferencesState {
  readonly theme: Theme;
  readonly language: Language;
}

const THEME_KEY = 'diemcau.theme';
const LANGUAGE_KEY = 'diemcau.language';

/** What this browser's user likes; kept in the browser. */
export class Preferences {
  readonly store: Store<PreferencesState>;
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
    const { localStorage, navigator } = window;
    const first = localStorage.getItem(LANGUAGE_KEY) ?? navigator.language;
    const language = first.toLowerCase().startsWith('vi') ? 'vi' : 'en';
    const theme = (localStorage.getItem(THEME_KEY) ?? 'system') as Theme;
    this.store = new Store({ theme, language });
    window
      .matchMedia('(prefers-color-scheme: dark)')
      .addEventListener('change', () => this.#applyTheme());
    this.#applyTheme();
  }

  setTheme(theme: Theme): void {
    this.#window.localStorage.setItem(THEME_KEY, theme);
    this.store.set({ theme });
    this.#applyTheme();
  }

  setLanguage(language: Language): void {
    this.#window.localStorage.setItem(LANGUAGE_KEY, language);
    this.store.set({ language });
  }

  #applyTheme(): void {
    const { theme } = this.store.get();
    const wantsDark = this.#window.matchMedia('(prefers-color-scheme: dark)').matches;
    const shown = theme === 'system' ? (wantsDark ? 'dark' : 'light') : theme;
    this.#window.document.documentElement.dataset.theme = shown;
  }
}
