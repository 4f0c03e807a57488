import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FLOOR_LIMITS_MIN } from '../floor-limit.ts';
import { loadPreferences, savePreferences } from '../media/preferences.ts';

/** The limit chosen last on this computer, and how to choose another. */
export function useFloorLimit(): readonly [number, (limitMin: number) => void] {
  const [limitMin, setLimitMin] = useState(() => loadPreferences().floorLimitMin);
  const choose = (chosenMin: number) => {
    setLimitMin(chosenMin);
    savePreferences({ floorLimitMin: chosenMin });
  };
  return [limitMin, choose];
}

interface FloorLimitProps {
  readonly limitMin: number;
  readonly onChoose: (limitMin: number) => void;
}

/** How long whoever is given the floor may speak. */
export function FloorLimit({ limitMin, onChoose }: FloorLimitProps) {
  const { t } = useTranslation();
  return (
    <label className="field">
      {t('chair.turns.limit')}
      <select value={limitMin} onChange={({ target }) => onChoose(Number(target.value))}>
        {FLOOR_LIMITS_MIN.map(minutes => (
          <option key={minutes} value={minutes}>
            {minutes === 0 ? t('chair.turns.noLimit') : t('chair.acts.minutes', { count: minutes })}
          </option>
        ))}
      </select>
    </label>
  );
}
