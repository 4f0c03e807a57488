import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { useApp, usePlace } from '../lib/hooks.ts';
import { NAV, type NavEntry } from '../routes.tsx';
import { Icon } from './Icon.tsx';
import { JobsRunning } from './JobsRunning.tsx';
import { Link } from './Link.tsx';
import { UserMenu } from './UserMenu.tsx';

/** What stands around every page: the menu, who is signed in, and whether all is live. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const section = path.split('/')[1];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page begins at its top
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [section]);
  return (
    <div className="shell">
      <a className="skip" href="#page">
        {t('common.skip')}
      </a>
      <header className="top">
        <Button
          className="quiet square menu-button"
          aria-label={t('nav.menu')}
          aria-expanded={isMenuOpen}
          onPress={() => setMenuOpen(!isMenuOpen)}
        >
          <Icon name="menu" />
        </Button>
        <Link to="/" className="brand">
          {t('appName')}
        </Link>
        <JobsRunning />
        <UserMenu />
      </header>
      <nav className={isMenuOpen ? 'menu open' : 'menu'} aria-label={t('nav.menu')}>
        {NAV.map(group => (
          <NavGroup
            key={group[0]?.to}
            entries={group}
            path={path}
            onFollow={() => setMenuOpen(false)}
          />
        ))}
      </nav>
      <main id="page" ref={main} tabIndex={-1}>
        <ConnectionLost />
        {children}
      </main>
    </div>
  );
}

interface NavGroupProps {
  readonly entries: readonly NavEntry[];
  readonly path: string;
  readonly onFollow: () => void;
}

function NavGroup({ entries, path, onFollow }: NavGroupProps) {
  const { t } = useTranslation();
  const { view } = useStore(useApp().session.store);
  const shown = entries.filter(({ needs }) => !needs || view?.permissions.includes(needs));
  const isCurrent = (to: string) =>
    path === to || path.startsWith(`${to}/`) || (path === '/' && to === '/sites');
  if (shown.length === 0) return null;
  return (
    <ul>
      {shown.map(({ to, label, icon }) => (
        <li key={to}>
          <Link to={to} isCurrent={isCurrent(to)} onFollow={onFollow}>
            <Icon name={icon} />
            {t(label)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function ConnectionLost() {
  const { t } = useTranslation();
  const { connection } = useStore(useApp().live.store);
  return (
    <div role="status">
      {connection === 'lost' && (
        <p className="banner">
          <Icon name="alert" />
          {t('live.lost')}
        </p>
      )}
    </div>
  );
}
