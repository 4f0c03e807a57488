import { useTranslation } from 'react-i18next';
import type { CallRecordView } from '../../../../contract/rest.ts';
import { reasonText } from '../../lib/words.ts';
import { Status, type Tone } from '../Status.tsx';

type Result = NonNullable<CallRecordView['verdict']>['result'];

const TONES: Record<Result, Tone> = {
  completed: 'good',
  cancelled: 'idle',
  refused: 'warn',
  failed: 'bad',
  dropped: 'bad',
};

/** How a call went and why, in plain words. */
export function Verdict({ call: { verdict, alarms } }: { readonly call: CallRecordView }) {
  const { t } = useTranslation();
  if (!verdict) return <Status tone="busy">{t('calls.running')}</Status>;
  const { result, reason } = verdict;
  return (
    <span className="verdict">
      <Status tone={TONES[result]}>{t(`calls.results.${result}`)}</Status>
      <span className="hint">{reasonText(reason, t)}</span>
      {alarms.map(({ alarm, totalSec }) => (
        <span key={alarm} className="hint">
          {t('calls.alarm', { alarm: t(`alarms.${alarm}`), count: Math.round(totalSec) })}
        </span>
      ))}
    </span>
  );
}
