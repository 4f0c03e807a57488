import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countRoll } from '../../../../contract/records.ts';
import { useStore } from '../../../shared/store.ts';
import type { RollActs } from '../../roll-acts.ts';
import type { RollRowView } from '../../roll-steps.ts';

interface SignOffProps {
  readonly rows: readonly RollRowView[];
  readonly acts: RollActs;
  /** Stands in the field before somebody writes another. */
  readonly ownName: string;
}

/** The end of the roll call: after it nothing is changed. */
export function SignOff({ rows, acts, ownName }: SignOffProps) {
  const { t } = useTranslation();
  const { running } = useStore(acts);
  const [name, setName] = useState(ownName);
  const { unmarked } = countRoll(rows);
  if (unmarked > 0)
    return (
      <section className="roll-end">
        <p>{t('rollCall.unmarked', { count: unmarked })}</p>
        <button type="button" disabled={running > 0} onClick={() => void acts.markRestAbsent()}>
          {t('rollCall.restAbsent')}
        </button>
      </section>
    );
  return (
    <form
      className="roll-end"
      onSubmit={event => {
        event.preventDefault();
        void acts.sign(name.trim());
      }}
    >
      <label className="field">
        {t('rollCall.signName')}
        <input
          required
          maxLength={100}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <p className="mark">{t('rollCall.signHint')}</p>
      <button type="submit" className="primary" disabled={running > 0 || name.trim() === ''}>
        {t('rollCall.sign')}
      </button>
    </form>
  );
}
