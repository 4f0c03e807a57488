import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { queueOf } from '../speaking-order.ts';
import { LeadByPin } from './LeadByPin.tsx';
import { Roster } from './roster/Roster.tsx';
import type { PanelProps } from './SidePanels.tsx';

/** Who asks to speak, in order, and who is here. */
export function PeoplePanel({ store, visit }: PanelProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const { selfId } = state;
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
      <Roster store={store} visit={visit} />
      {!state.isChair && <LeadByPin visit={visit} />}
    </>
  );
}
