import { useTranslation } from 'react-i18next';
import { Link } from '../parts/Link.tsx';
import { Empty } from '../parts/States.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty icon="search" title={t('notFound.title')} hint={t('notFound.hint')}>
      <Link to="/" className="button primary">
        {t('notFound.home')}
      </Link>
    </Empty>
  );
}
