import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/Icon.tsx';
import { useStore } from '../../shared/store.ts';
import { type DeviceChoice, listDevices, type SoundProcessing } from '../media/devices.ts';
import type { LocalTracks, Medium } from '../media/local-media.ts';
import { loadPreferences, savePreferences } from '../media/preferences.ts';
import type { RoomStore } from '../state.ts';
import { DeviceSelect } from './DeviceSelect.tsx';
import { SpeakerChoice } from './SpeakerChoice.tsx';

const SWITCHES = ['echoCancellation', 'noiseSuppression', 'autoGainControl'] as const;

interface DeviceSettingsProps {
  readonly store: RoomStore;
  readonly tracks: LocalTracks;
}

/** Other devices while the meeting goes on, and what the browser does to the sound. */
export function DeviceSettings({ store, tracks }: DeviceSettingsProps) {
  const { t } = useTranslation();
  const { speakerDeviceId } = useStore(store);
  const dialog = useRef<HTMLDialogElement>(null);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [choice, setChoice] = useState<DeviceChoice & { processing: SoundProcessing }>(chosen);
  const [problem, setProblem] = useState<string>();
  const ofKind = (kind: MediaDeviceKind) => devices.filter(device => device.kind === kind);

  const open = async () => {
    dialog.current?.showModal();
    setDevices(await listDevices());
  };
  const take = async (medium: Medium, next: typeof choice) => {
    setChoice(next);
    const { cameraId, microphoneId, processing } = next;
    savePreferences({ cameraId, microphoneId, ...processing });
    setProblem(await tracks.change(medium, next));
    store.set({ camera: tracks.camera, microphone: tracks.microphone });
  };
  return (
    <>
      <button type="button" onClick={() => void open()}>
        <Icon name="gear" />
        {t('settings.open')}
      </button>
      <dialog ref={dialog} className="card" aria-label={t('settings.title')}>
        <h2>{t('settings.title')}</h2>
        {problem && <p role="alert">{t(`devices.${problem}`)}</p>}
        <DeviceSelect
          label={t('preview.camera')}
          devices={ofKind('videoinput')}
          value={choice.cameraId}
          onChange={cameraId => void take('camera', { ...choice, cameraId })}
        />
        <DeviceSelect
          label={t('preview.microphone')}
          devices={ofKind('audioinput')}
          value={choice.microphoneId}
          onChange={microphoneId => void take('microphone', { ...choice, microphoneId })}
        />
        <SpeakerChoice
          devices={ofKind('audiooutput')}
          value={speakerDeviceId}
          onChange={id => {
            savePreferences({ speakerId: id });
            store.set({ speakerDeviceId: id });
          }}
        />
        {SWITCHES.map(name => (
          <label key={name} className="switch">
            <input
              type="checkbox"
              checked={choice.processing[name]}
              onChange={event => {
                const processing = { ...choice.processing, [name]: event.target.checked };
                void take('microphone', { ...choice, processing });
              }}
            />
            {t(`settings.${name}`)}
          </label>
        ))}
        <p className="hint">{t('room.hint')}</p>
        <form method="dialog">
          <button type="submit" className="primary">
            {t('settings.close')}
          </button>
        </form>
      </dialog>
    </>
  );
}

function chosen(): DeviceChoice & { processing: SoundProcessing } {
  const { cameraId, microphoneId, echoCancellation, noiseSuppression, autoGainControl } =
    loadPreferences();
  const processing = { echoCancellation, noiseSuppression, autoGainControl };
  return {
    processing,
    ...(cameraId !== undefined && { cameraId }),
    ...(microphoneId !== undefined && { microphoneId }),
  };
}
