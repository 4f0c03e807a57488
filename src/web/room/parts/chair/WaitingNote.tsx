import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import type { RoomStore } from '../../state.ts';

/** Tells a chair, whatever panel is open, that somebody waits to be let in. */
export function WaitingNote({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const { chair, isChair, openPanel } = useStore(store);
  if (!isChair) return null;
  const waiting = chair?.waiting ?? [];
  const hasNote = waiting.length > 0;
  return (
    <div className={hasNote ? 'banner waiting-note' : undefined}>
      <span role="status">
        {hasNote && t('chair.waitingNote', { count: waiting.length, name: waiting.at(-1)?.name })}
      </span>
      {hasNote && openPanel !== 'chair' && (
        <button type="button" className="small" onClick={() => store.set({ openPanel: 'chair' })}>
          {t('chair.showWaiting')}
        </button>
      )}
    </div>
  );
}
