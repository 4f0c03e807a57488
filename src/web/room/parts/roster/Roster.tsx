import {
  type ReactNode,
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import { found, type RosterRow, rosterOf } from '../../roster.ts';
import type { PanelProps } from '../SidePanels.tsx';
import { PersonRow } from './PersonRow.tsx';

/** Everybody in the meeting, to be looked for by name; for chairs, with what can be done. */
export function Roster({ store, visit }: PanelProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const { participants, selfId, talking, order, chair, heldMuted, muted } = state;
  const [typed, setTyped] = useState('');
  const [openId, setOpenId] = useState<string>();
  const toggle = useCallback((id: string) => setOpenId(open => (open === id ? undefined : id)), []);
  const sought = useDeferredValue(typed);
  const everybody = useMemo(
    () => rosterOf({ participants, selfId, talking, order, chair, heldMuted, muted }),
    [participants, selfId, talking, order, chair, heldMuted, muted],
  );
  const whole = useRef<HTMLDivElement>(null);
  const isOpenGone = openId !== undefined && participants.every(({ id }) => id !== openId);
  useEffect(() => {
    if (!isOpenGone) return;
    setOpenId(undefined);
    if (document.activeElement === document.body) whole.current?.focus({ preventScroll: true });
  }, [isOpenGone]);
  const { sites, laptops } = useMemo(() => found(everybody, sought), [everybody, sought]);
  const count = sites.length + laptops.length;
  const listOf = (title: string, rows: readonly RosterRow[]) =>
    rows.length > 0 && (
      <RosterList title={`${title} (${rows.length})`}>
        {rows.map(row => (
          <PersonRow
            key={row.id}
            row={row}
            isOpen={row.id === openId}
            onToggle={toggle}
            store={store}
            visit={visit}
            hasActions={state.isChair}
          />
        ))}
      </RosterList>
    );
  return (
    <div ref={whole} className="roster" tabIndex={-1}>
      <label className="field">
        {t('roster.search')}
        <input type="search" value={typed} onChange={({ target }) => setTyped(target.value)} />
      </label>
      <p role="status" className="mark">
        {sought.trim() !== '' && t('roster.found', { count })}
      </p>
      {listOf(t('roster.sites'), sites)}
      {listOf(t('roster.laptops'), laptops)}
    </div>
  );
}

interface RosterListProps {
  readonly title: string;
  readonly children: ReactNode;
}

function RosterList({ title, children }: RosterListProps) {
  const id = useId();
  return (
    <>
      <h3 id={id}>{title}</h3>
      <ul aria-labelledby={id}>{children}</ul>
    </>
  );
}
