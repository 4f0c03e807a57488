import { useTranslation } from 'react-i18next';
import type { FinalReason } from '../state.ts';

/** After the meeting: why it is over, and the way back. */
export function Ended({ reason }: { readonly reason: FinalReason }) {
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
