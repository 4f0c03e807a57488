import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { queueOf } from '../speaking-order.ts';
import type { PanelProps } from './SidePanels.tsx';

/** Who asks to speak, in order, and who is here. */
export function PeoplePanel({ store }: PanelProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const { participants, selfId } = state;
  const queue = queueOf(state);
  const nameOf = (id: string, name: string) => (id === selfId ? t('room.you', { name }) : name);
  return (
    <>
      <h3 id="hands-title">{t('hands.title')}</h3>
      {queue.length === 0 ? (
        <p className="mark">{t('hands.none')}</p>
      ) : (
        <ol className="people" aria-labelledby="hands-title">
          {queue.map(({ id, name }) => (
            <li key={id}>{nameOf(id, name)}</li>
          ))}
        </ol>
      )}
      <h3 id="here-title">{t('hands.here')}</h3>
      <ul className="people" aria-labelledby="here-title">
        {participants.map(({ id, name, chair }) => (
          <li key={id}>
            {nameOf(id, name)}
            {chair && <span className="mark"> · {t('room.chair')}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
