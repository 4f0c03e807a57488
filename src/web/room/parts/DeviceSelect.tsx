import { useId } from 'react';
import { useTranslation } from 'react-i18next';

interface DeviceSelectProps {
  readonly label: string;
  readonly devices: readonly MediaDeviceInfo[];
  /** Undefined: as the browser chooses; null: none. */
  readonly value: string | null | undefined;
  /** Null for none. */
  readonly onChange: (id: string | null) => void;
}

/** One of the devices of a kind, or none; not there where there is none to choose. */
export function DeviceSelect({ label, devices, value, onChange }: DeviceSelectProps) {
  const { t } = useTranslation();
  const id = useId();
  if (devices.length === 0) return null;
  const isKnown = devices.some(({ deviceId }) => deviceId === value);
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value === null ? '' : isKnown ? value : devices[0]?.deviceId}
        onChange={event => onChange(event.target.value || null)}
      >
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${index + 1}`}
          </option>
        ))}
        <option value="">{t('preview.none')}</option>
      </select>
    </>
  );
}
