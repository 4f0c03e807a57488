import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { canShareScreen } from '../media/screen.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';

interface ShareButtonProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
}

/** Shares the screen and stops it; not there where the browser cannot, as on phones. */
export function ShareButton({ store, visit }: ShareButtonProps) {
  const { t } = useTranslation();
  const { sharing } = useStore(store);
  if (!canShareScreen()) return null;
  if (sharing.name === 'on')
    return (
      <button type="button" className="off" onClick={() => visit?.sharing.stop()}>
        {t('room.stopSharing')}
      </button>
    );
  return (
    <button
      type="button"
      disabled={sharing.name === 'starting'}
      onClick={() => void visit?.sharing.start()}
    >
      {t('room.share')}
    </button>
  );
}

/** That one shares, or why not. */
export function SharingNote({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const { sharing } = useStore(store);
  if (sharing.name === 'on')
    return (
      <p role="status" className="banner">
        {t('room.sharingNow')}
      </p>
    );
  if (sharing.name === 'starting' || sharing.problem === undefined) return null;
  return (
    <p role="alert" className="banner">
      {sharing.problem === 'taken'
        ? t('room.shareTaken', { name: sharing.by })
        : t('room.shareFailed')}
    </p>
  );
}
