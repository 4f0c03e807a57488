import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { type DirectionView, overallGrade } from '../network/judge.ts';
import type { RoomStore } from '../state.ts';

/**
 * How good the line is, and in which direction it is not. Words without numbers, which
 * change all the time: they are spoken at each change.
 */
export function NetworkIndicator({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const { network } = useStore(store);
  if (!network) return null;
  const grade = overallGrade(network);
  const say = ([direction, { grade: how, flaw }]: [string, DirectionView]) =>
    flaw === undefined ? [] : [t(`network.${direction}.${how}.${flaw}`)];
  const { up, down } = network;
  const words = Object.entries({ up, down }).flatMap(say).join(' ') || t('network.good');
  return (
    <span className={`network ${grade}`} title={words}>
      <Bars grade={grade} />
      <span role="status" className={grade === 'bad' ? undefined : 'visually-hidden'}>
        {words}
      </span>
    </span>
  );
}

function Bars({ grade }: { readonly grade: 'good' | 'poor' | 'bad' }) {
  const lit = { good: 3, poor: 2, bad: 1 }[grade];
  return (
    <svg viewBox="0 0 15 12" width="15" height="12" aria-hidden="true">
      {[1, 2, 3].map(bar => (
        <rect
          key={bar}
          x={(bar - 1) * 5}
          y={12 - bar * 4}
          width="4"
          height={bar * 4}
          opacity={bar <= lit ? 1 : 0.3}
        />
      ))}
    </svg>
  );
}
