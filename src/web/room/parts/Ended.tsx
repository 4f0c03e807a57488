import { useTranslation } from 'react-i18next';

/** After the meeting: why it is over, and the way back. */
export function Ended({ reason }: { readonly reason: 'left' | 'conference-closed' | 'removed' }) {
  const { t } = useTranslation();
  return (
    <main className="card">
      <p role="status">{t(`ended.${reason}`)}</p>
      <button type="button" className="primary" onClick={() => location.reload()}>
        {t('ended.again')}
      </button>
    </main>
  );
}
