import { memo, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { RollActs } from '../../roll-acts.ts';
import type { RollRowView } from '../../roll-steps.ts';
import { RollListRow } from './RollListRow.tsx';

interface RollListProps {
  readonly rows: readonly RollRowView[];
  readonly calledId: string | undefined;
  readonly onCall: (id: string) => void;
  readonly acts: RollActs;
  readonly isSigned: boolean;
}

/** All of the roll; drawn anew only when it changes, not whenever somebody speaks. */
export const RollList = memo(function RollList(props: RollListProps) {
  const { rows, calledId, onCall, acts, isSigned } = props;
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <h3 id={id}>{t('rollCall.list')}</h3>
      <ol className="roll-list" aria-labelledby={id}>
        {rows.map(row => (
          <RollListRow
            key={row.id}
            row={row}
            isCalled={row.id === calledId}
            onCall={onCall}
            acts={acts}
            isSigned={isSigned}
          />
        ))}
      </ol>
    </>
  );
});
