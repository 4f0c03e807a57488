import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SpeakingOrderView } from '../../../contract/speaking-order.ts';
import { useStore } from '../../shared/store.ts';
import { clockText, floorClock } from '../floor-clock.ts';
import { floorHolder, hasOwnFloor, placeInQueue, queueOf } from '../speaking-order.ts';
import type { RoomStore } from '../state.ts';

/** As many names of those who ask to speak; the others are counted. */
const NAMED = 3;
const TICK_MS = 250;

/** Who has the floor and for how long, who is next, and our own place; for everybody. */
export function SpeakingOrder({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const state = useStore(store);
  const { order, clockAheadMs, selfId } = state;
  const holder = floorHolder(state);
  const queue = queueOf(state);
  const place = placeInQueue(state, selfId);
  if (!order || (order.mode === 'free' && queue.length === 0)) return null;
  const more = queue.length - NAMED;
  return (
    <section className="speaking-order" aria-label={t('order.title')}>
      {order.mode === 'ordered' && (
        <p>
          {hasOwnFloor(state)
            ? t('floor.yours')
            : holder
              ? t('floor.has', { name: holder.name })
              : t('floor.nobody')}
          {order.floor && <Clock floor={order.floor} clockAheadMs={clockAheadMs} />}
        </p>
      )}
      {queue.length > 0 && (
        <p>
          {t('hands.next')}{' '}
          {queue
            .slice(0, NAMED)
            .map(({ id, name }, index) => `${index + 1}. ${id === selfId ? t('hands.you') : name}`)
            .join(', ')}
          {more > 0 && ` ${t('hands.more', { count: more })}`}
        </p>
      )}
      {place !== undefined && <p>{t('hands.youAre', { place })}</p>}
    </section>
  );
}

interface ClockProps {
  readonly floor: NonNullable<SpeakingOrderView['floor']>;
  readonly clockAheadMs: number;
}

/** The time of who has the floor; nobody is cut off when it is over. */
function Clock({ floor, clockAheadMs }: ClockProps) {
  const { t } = useTranslation();
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const { is, seconds } = floorClock(floor, nowMs + clockAheadMs);
  return (
    <span role="timer" className={`floor-clock ${is}`}>
      {t(`floor.clock.${is}`, { time: clockText(seconds) })}
    </span>
  );
}
