import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../../shared/save-file.ts';
import { useStore } from '../../shared/store.ts';
import { RollActs } from '../roll-acts.ts';
import { rollApi } from '../roll-api.ts';
import { calledRow } from '../roll-steps.ts';
import { RollCard } from './roll/RollCard.tsx';
import { RollCounts } from './roll/RollCounts.tsx';
import { RollFiles } from './roll/RollFiles.tsx';
import { RollList } from './roll/RollList.tsx';
import { RollProblem } from './roll/RollProblem.tsx';
import { SignOff } from './roll/SignOff.tsx';
import type { PanelProps } from './SidePanels.tsx';

/** The roll of the meeting: each is called by name, marked, and in the end it is signed. */
export function RollCallPanel({ store, visit }: PanelProps) {
  const { t } = useTranslation();
  const { roll } = useStore(store);
  const acts = useMemo(
    () =>
      new RollActs(
        rollApi(() => visit?.token),
        saveFile,
      ),
    [visit],
  );
  const { running } = useStore(acts);
  const [calledId, call] = useState<string>();
  if (!roll)
    return (
      <div className="roll">
        <p>{t('rollCall.intro')}</p>
        <button
          type="button"
          className="primary"
          disabled={running > 0}
          onClick={() => void acts.start()}
        >
          {t('rollCall.start')}
        </button>
        <RollProblem acts={acts} />
      </div>
    );
  const { rows, signed, corrects } = roll;
  const called = signed ? undefined : calledRow(rows, calledId);
  return (
    <div className="roll">
      <RollCounts rows={rows} />
      {corrects !== undefined && <p className="mark">{t('rollCall.corrects')}</p>}
      {called && (
        <RollCard
          key={roll.id}
          rows={rows}
          called={called}
          onCall={call}
          acts={acts}
          visit={visit}
        />
      )}
      <RollProblem acts={acts} />
      <RollList rows={rows} calledId={called?.id} onCall={call} acts={acts} isSigned={!!signed} />
      {signed ? (
        <RollFiles signed={signed} acts={acts} />
      ) : (
        <SignOff rows={rows} acts={acts} ownName={store.get().name} />
      )}
    </div>
  );
}
