import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { RollMark } from '../../../../contract/records.ts';
import type { RollActs } from '../../roll-acts.ts';
import { isSameRollRow, type RollRowView } from '../../roll-steps.ts';

interface RollListRowProps {
  readonly row: RollRowView;
  readonly isCalled: boolean;
  readonly onCall: (id: string) => void;
  readonly acts: RollActs;
  readonly isSigned: boolean;
}

/** One of the roll; its name is a button that calls it, which brings its other fields up. */
export const RollListRow = memo(
  function RollListRow({ row, isCalled, onCall, acts, isSigned }: RollListRowProps) {
    const { t } = useTranslation();
    const { id, name, mark } = row;
    return (
      <li className={`roll-row mark-${mark}`}>
        {isSigned ? (
          <span className="person-name">{name}</span>
        ) : (
          <button
            type="button"
            className="person-name small"
            aria-pressed={isCalled}
            onClick={() => onCall(id)}
          >
            {name}
          </button>
        )}
        {isSigned ? (
          <span>{t(`rollCall.marks.${mark}`)}</span>
        ) : (
          <select
            aria-label={t('rollCall.markOf', { name })}
            value={mark}
            onChange={({ target }) => void acts.mark(id, { mark: RollMark.parse(target.value) })}
          >
            {RollMark.options.map(one => (
              <option key={one} value={one}>
                {t(`rollCall.marks.${one}`)}
              </option>
            ))}
          </select>
        )}
        <RowFacts row={row} />
      </li>
    );
  },
  (before, after) =>
    isSameRollRow(before.row, after.row) &&
    before.isCalled === after.isCalled &&
    before.onCall === after.onCall &&
    before.acts === after.acts &&
    before.isSigned === after.isSigned,
);

function RowFacts({ row: { arrivedAtMs, headcount, note } }: { readonly row: RollRowView }) {
  const { t, i18n } = useTranslation();
  const clock = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit' });
  const facts = [
    ...(arrivedAtMs === undefined
      ? []
      : [t('rollCall.cameAt', { time: clock.format(arrivedAtMs) })]),
    ...(headcount === undefined ? [] : [t('rollCall.people', { count: headcount })]),
    ...(note === undefined ? [] : [note]),
  ];
  return facts.length > 0 && <span className="mark roll-facts">{facts.join(' · ')}</span>;
}
