import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { useApp } from '../lib/hooks.ts';
import type { Language, Theme } from '../lib/preferences.ts';
import { Icon } from './Icon.tsx';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const LANGUAGES: readonly Language[] = ['vi', 'en'];

/** Who is signed in, and what is set for this browser. */
export function UserMenu() {
  const { session, preferences, router } = useApp();
  const { t } = useTranslation();
  const { view } = useStore(session.store);
  const { theme, language } = useStore(preferences.store);
  return (
    <MenuTrigger>
      <Button className="quiet user-button">
        <Icon name="user" />
        <span>{view?.user?.name}</span>
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="list-box" aria-label={t('nav.user')}>
          <MenuItem className="list-item" onAction={() => router.go('/account')}>
            {t('nav.account')}
          </MenuItem>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[language]}
            onSelectionChange={keys => preferences.setLanguage([...keys][0] as Language)}
          >
            <Header>{t('nav.language')}</Header>
            {LANGUAGES.map(one => (
              <MenuItem key={one} id={one} className="list-item">
                {t(`languages.${one}`)}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={keys => preferences.setTheme([...keys][0] as Theme)}
          >
            <Header>{t('nav.theme')}</Header>
            {THEMES.map(one => (
              <MenuItem key={one} id={one} className="list-item">
                {t(`themes.${one}`)}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuItem className="list-item" onAction={() => void session.signOut()}>
            {t('session.signOut')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
