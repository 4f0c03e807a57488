import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_NOTE_CHARS } from '../../../../contract/records.ts';
import type { RollActs } from '../../roll-acts.ts';
import { type RollRowView, typedHeadcount } from '../../roll-steps.ts';

interface RollFieldsProps {
  readonly row: RollRowView;
  readonly acts: RollActs;
}

/** People in the room and a note; kept when the field is left, or by Enter. */
export function RollFields({ row, acts }: RollFieldsProps) {
  const { t } = useTranslation();
  // What is typed and not kept yet; else the field follows what other chairs write.
  const [people, setPeople] = useState<string>();
  const [note, setNote] = useState<string>();
  const keepPeople = async () => {
    const headcount = people === undefined ? undefined : typedHeadcount(people);
    if (headcount === undefined || (await acts.mark(row.id, { headcount }))) setPeople(undefined);
  };
  const keepNote = async () => {
    if (note === undefined || (await acts.mark(row.id, { note }))) setNote(undefined);
  };
  return (
    <form
      className="roll-fields"
      onSubmit={event => {
        event.preventDefault();
        void Promise.all([keepPeople(), keepNote()]);
      }}
    >
      <label className="field">
        {t('rollCall.headcount')}
        <input
          inputMode="numeric"
          maxLength={4}
          value={people ?? row.headcount ?? ''}
          onChange={({ target }) => setPeople(target.value)}
          onBlur={() => void keepPeople()}
        />
      </label>
      <label className="field">
        {t('rollCall.note')}
        <input
          maxLength={MAX_NOTE_CHARS}
          value={note ?? row.note ?? ''}
          onChange={({ target }) => setNote(target.value)}
          onBlur={() => void keepNote()}
        />
      </label>
      {/* Enter in a field of two needs a button that sends. */}
      <button type="submit" hidden>
        {t('rollCall.next')}
      </button>
    </form>
  );
}
