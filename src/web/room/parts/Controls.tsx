import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';
import { ShareButton } from './ShareButton.tsx';

interface ControlsProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
  readonly hasCamera: boolean;
}

/** Microphone, camera, screen, leave; also by the keys M and V. */
export function Controls({ store, visit, hasCamera }: ControlsProps) {
  const { t } = useTranslation();
  const { muted, cameraOn } = useStore(store);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const key = event.key.toLowerCase();
      const state = store.get();
      if (key === 'm') visit?.setMuted(!state.muted);
      if (key === 'v' && hasCamera) visit?.setCamera(!state.cameraOn);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [store, visit, hasCamera]);

  return (
    <div className="controls" role="toolbar" aria-label={t('room.controls')}>
      <button type="button" className={muted ? 'off' : ''} onClick={() => visit?.setMuted(!muted)}>
        {muted ? t('room.unmute') : t('room.mute')}
      </button>
      {hasCamera && (
        <button
          type="button"
          className={cameraOn ? '' : 'off'}
          onClick={() => visit?.setCamera(!cameraOn)}
        >
          {cameraOn ? t('room.cameraOff') : t('room.cameraOn')}
        </button>
      )}
      <ShareButton store={store} visit={visit} />
      <button type="button" className="danger" onClick={() => visit?.leave()}>
        {t('room.leave')}
      </button>
      <small className="hint">{t('room.hint')}</small>
    </div>
  );
}
