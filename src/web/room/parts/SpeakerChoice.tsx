import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { canChooseSpeaker, playTestTone } from '../media/speaker-device.ts';

interface SpeakerChoiceProps {
  readonly devices: readonly MediaDeviceInfo[];
  /** Undefined: the computer's usual one. */
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

/** Where the sound comes out, and a tone to try it with. */
export function SpeakerChoice({ devices, value, onChange }: SpeakerChoiceProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      {canChooseSpeaker() && devices.length > 0 && (
        <>
          <label htmlFor={id}>{t('preview.speaker')}</label>
          <select
            id={id}
            value={value ?? ''}
            onChange={event => onChange(event.target.value || undefined)}
          >
            <option value="">{t('preview.usualSpeaker')}</option>
            {devices.map((device, index) => (
              <option key={device.deviceId} value={device.deviceId}>
                {device.label || `${t('preview.speaker')} ${index + 1}`}
              </option>
            ))}
          </select>
        </>
      )}
      <button type="button" onClick={() => void playTestTone(value)}>
        {t('preview.testSpeaker')}
      </button>
    </>
  );
}
