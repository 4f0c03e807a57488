import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { hasOwnFloor, heldBy, placeInQueue } from '../speaking-order.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';

interface OwnTurnProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
}

/** Whether we are heard now, why not, and what to do for it. */
export function OwnTurn({ store, visit }: OwnTurnProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const held = heldBy(state);
  if (held === 'chair') return <Note words={t('room.heldMuted')} />;
  if (held === 'order') {
    const place = placeInQueue(state, state.selfId);
    return <Note words={place ? t('order.onlyFloorAsked', { place }) : t('order.onlyFloor')} />;
  }
  if (hasOwnFloor(state)) return <OwnFloor store={store} visit={visit} />;
  if (!state.isAskedToUnmute || !state.muted) return null;
  return (
    <div role="alert" className="banner">
      {state.microphone ? t('unmuteWish.title') : t('unmuteWish.noMicrophone')}{' '}
      {state.microphone && (
        <button type="button" className="primary" onClick={() => visit?.answerUnmuteWish(true)}>
          {t('unmuteWish.open')}
        </button>
      )}{' '}
      <button type="button" onClick={() => visit?.answerUnmuteWish(false)}>
        {t('unmuteWish.stayMuted')}
      </button>
    </div>
  );
}

function OwnFloor({ store, visit }: OwnTurnProps) {
  const { t } = useTranslation();
  const { muted, microphone, isOpenForFloor } = useStore(store);
  if (!microphone) return <Alert words={t('floor.noMicrophone')} />;
  if (!muted) return <Alert words={t(isOpenForFloor ? 'floor.opened' : 'floor.heard')} />;
  return (
    <p role="alert" className="banner">
      {t('floor.offered')}{' '}
      <button type="button" className="primary" onClick={() => visit?.setMuted(false)}>
        {t('unmuteWish.open')}
      </button>
    </p>
  );
}

function Note({ words }: { readonly words: string }) {
  return (
    <p role="status" className="banner">
      {words}
    </p>
  );
}

/** Read at once: what follows is heard by everybody. */
function Alert({ words }: { readonly words: string }) {
  return (
    <p role="alert" className="banner good">
      {words}
    </p>
  );
}
