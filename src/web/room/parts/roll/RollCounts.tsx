import { useTranslation } from 'react-i18next';
import { countRoll } from '../../../../contract/records.ts';
import type { RollRowView } from '../../roll-steps.ts';

/** How many are there, by what the roll says. */
export function RollCounts({ rows }: { readonly rows: readonly RollRowView[] }) {
  const { t } = useTranslation();
  const { present, late, absent, unmarked, of, headcount } = countRoll(rows);
  return (
    <div className="roll-counts">
      <strong>{t('rollCall.present', { present, of })}</strong>
      <span>{t('rollCall.others', { late, absent, unmarked })}</span>
      <span>{t('rollCall.headcountSum', { sum: headcount })}</span>
    </div>
  );
}
