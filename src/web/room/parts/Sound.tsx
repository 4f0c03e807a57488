import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { playOn } from '../media/speaker-device.ts';
import type { RoomStore } from '../state.ts';

/** The mixed sound; where the browser blocks it, a button that a click may press. */
export function Sound({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const { sound, soundBlocked, speakerDeviceId } = useStore(store);
  const audio = useRef<HTMLAudioElement>(null);
  const play = useCallback(() => {
    audio.current?.play().then(
      () => store.set({ soundBlocked: false }),
      () => store.set({ soundBlocked: true }),
    );
  }, [store]);
  useEffect(() => {
    if (!audio.current || !sound) return;
    audio.current.srcObject = sound;
    play();
  }, [sound, play]);
  useEffect(() => {
    if (audio.current) void playOn(audio.current, speakerDeviceId);
  }, [speakerDeviceId]);
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: live speech has no captions */}
      <audio ref={audio} autoPlay />
      {soundBlocked && (
        <p role="alert" className="banner">
          {t('room.soundBlocked')}{' '}
          <button type="button" onClick={play}>
            {t('room.sound')}
          </button>
        </p>
      )}
    </>
  );
}
