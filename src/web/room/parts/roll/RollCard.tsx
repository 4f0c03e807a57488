import { useEffect, useEffectEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { takesKey } from '../../keys.ts';
import type { RollActs } from '../../roll-acts.ts';
import { type RollRowView, type RollWish, rollWish, stepFrom } from '../../roll-steps.ts';
import type { Visit } from '../../visit.ts';
import { RollFields } from './RollFields.tsx';

interface RollCardProps {
  readonly rows: readonly RollRowView[];
  readonly called: RollRowView;
  readonly onCall: (id: string | undefined) => void;
  readonly acts: RollActs;
  readonly visit: Visit | undefined;
}

const MARKS = ['present', 'absent', 'late'] as const;

/** Who is called now: a mark takes the roll to the next. Also by P, A, L and the arrow keys. */
export function RollCard({ rows, called, onCall, acts, visit }: RollCardProps) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  useSpotlight(visit, isShown, called.participantId);
  const id = useId();
  const at = rows.findIndex(row => row.id === called.id);
  const step = (by: 1 | -1) => onCall(stepFrom(rows, called.id, by));
  const mark = async (as: (typeof MARKS)[number]) => {
    if (await acts.mark(called.id, { mark: as })) step(1);
  };
  useRollKeys(wish => {
    if ('step' in wish) step(wish.step);
    else void mark(wish.mark);
  });
  return (
    <section className="roll-card" aria-labelledby={id}>
      <div role="status">
        <span className="mark">{t('rollCall.place', { at: at + 1, of: rows.length })}</span>
        <h3 id={id}>{called.name}</h3>
        <span className="mark">
          {called.participantId === undefined
            ? t('rollCall.notConnected')
            : t('rollCall.connected')}
        </span>
      </div>
      <div className="row">
        {MARKS.map(one => (
          <button
            key={one}
            type="button"
            aria-pressed={called.mark === one}
            aria-keyshortcuts={one[0]?.toUpperCase()}
            onClick={() => void mark(one)}
          >
            {t(`rollCall.as.${one}`)}
          </button>
        ))}
      </div>
      <RollFields key={called.id} row={called} acts={acts} />
      <div className="row">
        <button type="button" disabled={at <= 0} onClick={() => step(-1)}>
          {t('rollCall.before')}
        </button>
        <button type="button" disabled={at >= rows.length - 1} onClick={() => step(1)}>
          {t('rollCall.next')}
        </button>
      </div>
      <label className="switch">
        <input
          type="checkbox"
          checked={isShown}
          onChange={({ target }) => setShown(target.checked)}
        />
        {t('rollCall.spotlight')}
      </label>
      <p className="mark">{t('rollCall.keys')}</p>
    </section>
  );
}

/** Keys of the roll call, as long as it is open: after a click nothing has the focus. */
function useRollKeys(onWish: (wish: RollWish) => void): void {
  const latest = useEffectEvent(onWish);
  useEffect(() => {
    const onDown = (event: KeyboardEvent) => {
      const wish = takesKey(event.target, event.key) ? undefined : rollWish(event);
      if (wish) latest(wish);
    };
    addEventListener('keydown', onDown);
    return () => removeEventListener('keydown', onDown);
  }, []);
}

/** Who is called is large for everybody, as long as the chair wants it and the panel is open. */
function useSpotlight(
  visit: Visit | undefined,
  isShown: boolean,
  participantId: string | undefined,
): void {
  useEffect(() => {
    if (isShown) showLarge(visit, participantId);
  }, [visit, isShown, participantId]);
  useEffect(() => {
    if (isShown) return () => showLarge(visit, undefined);
  }, [visit, isShown]);
}

function showLarge(visit: Visit | undefined, id: string | undefined): void {
  visit
    ?.act({ do: 'spotlight', ...(id !== undefined && { participantId: id }) })
    .catch(() => undefined); // who left in this moment is not shown, and that is seen
}
