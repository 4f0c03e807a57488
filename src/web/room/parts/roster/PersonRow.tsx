import { memo, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isSameRow, type RosterRow } from '../../roster.ts';
import type { RoomStore } from '../../state.ts';
import type { Visit } from '../../visit.ts';
import { PersonActions } from './PersonActions.tsx';

interface PersonRowProps {
  readonly row: RosterRow;
  readonly isOpen: boolean;
  readonly onToggle: (id: string) => void;
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
  readonly hasActions: boolean;
}

/** One of the roster; the actions are there only while they are open, as there can be 150 rows. */
export const PersonRow = memo(
  function PersonRow({ row, isOpen, onToggle, store, visit, hasActions }: PersonRowProps) {
    const { t } = useTranslation();
    const actionsId = useId();
    const opener = useRef<HTMLButtonElement>(null);
    const { id, name, marks, handPlace } = row;
    const close = () => {
      onToggle(id);
      opener.current?.focus();
    };
    return (
      <li className="person">
        <span className="person-name">
          {name}
          {marks.length > 0 && (
            <span className="mark">
              {marks.map(mark => (
                <span key={mark} className={`mark-${mark}`}>
                  {` · ${t(`roster.marks.${mark}`, { place: handPlace })}`}
                </span>
              ))}
            </span>
          )}
        </span>
        {hasActions && (
          <button
            ref={opener}
            type="button"
            className="small"
            aria-expanded={isOpen}
            aria-controls={isOpen ? actionsId : undefined}
            aria-label={t('roster.actionsFor', { name })}
            onClick={() => onToggle(id)}
          >
            {t('roster.actions')}
          </button>
        )}
        {hasActions && isOpen && (
          <PersonActions id={actionsId} row={row} store={store} visit={visit} onClose={close} />
        )}
      </li>
    );
  },
  (before, after) =>
    isSameRow(before.row, after.row) &&
    before.isOpen === after.isOpen &&
    before.onToggle === after.onToggle &&
    before.hasActions === after.hasActions &&
    before.visit === after.visit,
);
