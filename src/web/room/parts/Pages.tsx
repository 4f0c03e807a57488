import { useTranslation } from 'react-i18next';

interface PagesProps {
  readonly page: number;
  readonly pages: number;
  readonly onTurn: (page: number) => void;
}

/** Turns the page of tiles; not there while all fit on one. */
export function Pages({ page, pages, onTurn }: PagesProps) {
  const { t } = useTranslation();
  if (pages < 2) return null;
  return (
    <nav className="pages" aria-label={t('room.pages')}>
      <button type="button" disabled={page === 0} onClick={() => onTurn(page - 1)}>
        {t('room.pageBefore')}
      </button>
      <span>{t('room.pageOf', { page: page + 1, pages })}</span>
      <button type="button" disabled={page === pages - 1} onClick={() => onTurn(page + 1)}>
        {t('room.pageAfter')}
      </button>
    </nav>
  );
}
