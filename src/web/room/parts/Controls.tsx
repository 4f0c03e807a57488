import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/Icon.tsx';
import { useStore } from '../../shared/store.ts';
import { keyWish, letGoOfClicked, takesKey } from '../keys.ts';
import type { LocalTracks } from '../media/local-media.ts';
import { savePreferences } from '../media/preferences.ts';
import { togglePanel } from '../panels.ts';
import { hasOwnFloor, isHandUp } from '../speaking-order.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';
import { DeviceSettings } from './DeviceSettings.tsx';
import { ShareButton } from './ShareButton.tsx';
import { PanelButtons } from './SidePanels.tsx';

interface ControlsProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
  readonly tracks: LocalTracks;
}

/** Microphone, camera, hand, screen, view, devices, panels, leave; also by keys. */
export function Controls({ store, visit, tracks }: ControlsProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const { muted, cameraOn, camera, microphone, view } = state;
  useKeys(store, visit);
  return (
    <div className="controls" role="toolbar" aria-label={t('room.controls')}>
      {microphone ? (
        <button
          type="button"
          className={muted ? 'off' : ''}
          onClick={() => visit?.setMuted(!muted)}
        >
          <Icon name={muted ? 'muted' : 'mic'} />
          {muted ? t('room.unmute') : t('room.mute')}
        </button>
      ) : (
        <span className="hint no-device">
          <Icon name="muted" />
          {t('room.noMicrophone')}
        </span>
      )}
      {camera && (
        <button
          type="button"
          className={cameraOn ? '' : 'off'}
          onClick={() => visit?.setCamera(!cameraOn)}
        >
          <Icon name={cameraOn ? 'camera' : 'camera-off'} />
          {cameraOn ? t('room.cameraOff') : t('room.cameraOn')}
        </button>
      )}
      {!hasOwnFloor(state) && (
        <button
          type="button"
          className={isHandUp(state) ? 'raised' : ''}
          onClick={() => visit?.raiseHand(!isHandUp(state))}
        >
          <Icon name="hand" />
          {isHandUp(state) ? t('hands.lower') : t('hands.raise')}
        </button>
      )}
      <ShareButton store={store} visit={visit} />
      <button type="button" onClick={() => toggleView(store)}>
        <Icon name={view === 'grid' ? 'large' : 'grid'} />
        {view === 'grid' ? t('room.speakerView') : t('room.gridView')}
      </button>
      <DeviceSettings store={store} tracks={tracks} />
      <PanelButtons store={store} />
      <button type="button" className="danger" onClick={() => visit?.leave()}>
        <Icon name="leave" />
        {t('room.leave')}
      </button>
    </div>
  );
}

function toggleView(store: RoomStore): void {
  const view = store.get().view === 'grid' ? 'speaker' : 'grid';
  savePreferences({ view });
  store.set({ view, page: 0, pinnedId: undefined });
}

/** Keys of the meeting; the space bar opens a microphone that is off for as long as it is held. */
function useKeys(store: RoomStore, visit: Visit | undefined): void {
  useEffect(() => {
    let isTalking = false;
    const onDown = (event: KeyboardEvent) => {
      const wish = keyWish(event, takesKey);
      const { muted, cameraOn, camera, microphone } = store.get();
      if (wish === 'toggle-microphone' && microphone) visit?.setMuted(!muted);
      if (wish === 'toggle-camera' && camera) visit?.setCamera(!cameraOn);
      if (wish === 'toggle-view') toggleView(store);
      if (wish === 'toggle-hand') visit?.raiseHand(!isHandUp(store.get()));
      if (wish === 'toggle-chat') {
        event.preventDefault(); // or the letter is the first in the chat's field
        togglePanel(store, 'chat');
      }
      if (wish !== 'talk' || !microphone) return;
      event.preventDefault(); // the space bar scrolls
      if (!muted) return;
      isTalking = true;
      visit?.setMuted(false);
    };
    const stopTalking = () => {
      if (isTalking) visit?.setMuted(true);
      isTalking = false;
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.key === ' ') stopTalking();
    };
    addEventListener('click', letGoOfClicked);
    addEventListener('keydown', onDown);
    addEventListener('keyup', onUp);
    addEventListener('blur', stopTalking);
    return () => {
      removeEventListener('click', letGoOfClicked);
      removeEventListener('keydown', onDown);
      removeEventListener('keyup', onUp);
      removeEventListener('blur', stopTalking);
    };
  }, [store, visit]);
}
