import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DeviceChoice, type LocalMedia, listDevices, openDevices } from '../media/devices.ts';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';
import { Picture } from './Picture.tsx';

interface PreviewProps {
  readonly initialName: string;
  readonly isJoining: boolean;
  /** Key of `errors.*`. */
  readonly error: string | undefined;
  readonly onJoin: (name: string, media: LocalMedia, pin: string) => void;
}

const NOTHING: LocalMedia = { camera: undefined, microphone: undefined, problem: undefined };

/** Name, camera and microphone before the door. */
export function Preview({ initialName, isJoining, error, onJoin }: PreviewProps) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<DeviceChoice>({});
  const { media, isAsking, devices, keep } = useDevices(choice, isJoining);
  const [isWaiting, setWaiting] = useState(false);
  // Who is quicker than the camera takes it along all the same.
  const submit = async (form: FormData) => {
    const name = String(form.get('name') ?? '').trim();
    if (!name) return;
    setWaiting(true);
    const taken = await keep();
    setWaiting(false);
    onJoin(name, taken, String(form.get('pin') ?? '').trim());
  };
  return (
    <main className="card preview">
      <h1>{t('preview.title')}</h1>
      {error && (
        <p role="alert" className="problem">
          {t(`errors.${error}`)}
        </p>
      )}
      <div className="preview-picture">
        {media.camera ? (
          <Picture track={media.camera} label={t('preview.picture')} mirrored />
        ) : (
          <span className="no-picture">{t('preview.noCamera')}</span>
        )}
      </div>
      <MicrophoneLevel track={media.microphone} label={t('preview.level')} />
      {isAsking && !isJoining && <p role="status">{t('devices.asking')}</p>}
      {media.problem && <p role="status">{t(`devices.${media.problem}`)}</p>}
      <form action={submit}>
        <label>
          {t('preview.name')}
          <input
            name="name"
            required
            maxLength={100}
            defaultValue={initialName}
            placeholder={t('preview.namePlaceholder')}
            autoComplete="name"
          />
        </label>
        {asksForPin(error) && (
          <label>
            {t('preview.pin')}
            <input name="pin" required inputMode="numeric" maxLength={12} autoComplete="off" />
          </label>
        )}
        <DeviceSelect
          label={t('preview.camera')}
          devices={devices.filter(device => device.kind === 'videoinput')}
          onChange={cameraId => setChoice({ ...choice, cameraId })}
        />
        <DeviceSelect
          label={t('preview.microphone')}
          devices={devices.filter(device => device.kind === 'audioinput')}
          onChange={microphoneId => setChoice({ ...choice, microphoneId })}
        />
        <button type="submit" className="primary" disabled={isJoining || isWaiting}>
          {isJoining || isWaiting ? t('preview.joining') : t('preview.join')}
        </button>
      </form>
    </main>
  );
}

function asksForPin(error: string | undefined): boolean {
  return error === 'pin-required' || error === 'pin-wrong';
}

interface DeviceSelectProps {
  readonly label: string;
  readonly devices: readonly MediaDeviceInfo[];
  /** Null for none. */
  readonly onChange: (id: string | null) => void;
}

function DeviceSelect({ label, devices, onChange }: DeviceSelectProps) {
  const { t } = useTranslation();
  const id = useId();
  if (devices.length === 0) return null;
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select id={id} onChange={event => onChange(event.target.value || null)}>
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

/** Opens the chosen devices and lets them go, except those the visitor takes along by `keep`. */
function useDevices(choice: DeviceChoice, isJoining: boolean) {
  const [media, setMedia] = useState<LocalMedia>(NOTHING);
  const [isAsking, setAsking] = useState(true);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const opening = useRef<Promise<LocalMedia>>(Promise.resolve(NOTHING));
  const kept = useRef(false);

  useEffect(() => {
    if (isJoining) return;
    let opened: LocalMedia | undefined;
    let isCurrent = true;
    const stop = () => {
      for (const track of [opened?.camera, opened?.microphone]) track?.stop();
    };
    opening.current = openDevices(choice);
    void opening.current.then(async result => {
      opened = result;
      if (!isCurrent) return stop();
      setMedia(result);
      setAsking(false);
      setDevices(await listDevices());
    });
    return () => {
      isCurrent = false;
      if (!kept.current) stop();
      kept.current = false;
    };
  }, [choice, isJoining]);

  const keep = (): Promise<LocalMedia> => {
    kept.current = true;
    return opening.current;
  };
  return { media, isAsking, devices, keep };
}
