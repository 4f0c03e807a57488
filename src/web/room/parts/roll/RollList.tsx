import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { RollMark } from '../../../../contract/records.ts';
import type { RollActs } from '../../roll-acts.ts';
import type { RollRowView } from '../../roll-steps.ts';

interface RollListProps {
  readonly rows: readonly RollRowView[];
  readonly calledId: string | undefined;
  readonly onCall: (id: string) => void;
  readonly acts: RollActs;
  readonly isSigned: boolean;
}

/** All of the roll; a name is called by its button, which brings its other fields up. */
export function RollList({ rows, calledId, onCall, acts, isSigned }: RollListProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <h3 id={id}>{t('rollCall.list')}</h3>
      <ol className="roll-list" aria-labelledby={id}>
        {rows.map(row => (
          <li key={row.id} className={`roll-row mark-${row.mark}`}>
            {isSigned ? (
              <span className="person-name">{row.name}</span>
            ) : (
              <button
                type="button"
                className="person-name small"
                aria-pressed={row.id === calledId}
                onClick={() => onCall(row.id)}
              >
                {row.name}
              </button>
            )}
            {isSigned ? (
              <span>{t(`rollCall.marks.${row.mark}`)}</span>
            ) : (
              <select
                aria-label={t('rollCall.markOf', { name: row.name })}
                value={row.mark}
                onChange={({ target }) =>
                  void acts.mark(row.id, { mark: RollMark.parse(target.value) })
                }
              >
                {RollMark.options.map(mark => (
                  <option key={mark} value={mark}>
                    {t(`rollCall.marks.${mark}`)}
                  </option>
                ))}
              </select>
            )}
            <RowFacts row={row} />
          </li>
        ))}
      </ol>
    </>
  );
}

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
