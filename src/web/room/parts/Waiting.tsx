import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { RoomStore } from '../state.ts';

interface WaitingProps {
  readonly store: RoomStore;
  readonly onLeave: () => void;
}

/** Before the door: until whoever leads the meeting lets us in. */
export function Waiting({ store, onLeave }: WaitingProps) {
  const { t } = useTranslation();
  const { phase, conferenceName } = useStore(store);
  if (phase.name !== 'waiting') return null;
  return (
    <main className="card">
      <h1>{conferenceName}</h1>
      <p role="status">{t(`waiting.${phase.reason}`)}</p>
      <button type="button" onClick={onLeave}>
        {t('waiting.leave')}
      </button>
    </main>
  );
}
