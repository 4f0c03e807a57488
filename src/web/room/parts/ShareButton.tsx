import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/Icon.tsx';
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
        <Icon name="stop" />
        {t('room.stopSharing')}
      </button>
    );
  return (
    <button
      type="button"
      disabled={sharing.name === 'starting'}
      onClick={() => void visit?.sharing.start()}
    >
      <Icon name="screen" />
      {t('room.share')}
    </button>
  );
}
