import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LastRecord } from '../last-record.ts';
import { type DeviceChoice, type LocalMedia, listDevices, openDevices } from '../media/devices.ts';
import { loadPreferences, savePreferences } from '../media/preferences.ts';
import { timeOf } from '../time-of.ts';
import { DeviceSelect } from './DeviceSelect.tsx';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';
import { Picture } from './Picture.tsx';
import { PinField } from './PinField.tsx';
import { RecordFiles } from './RecordFiles.tsx';
import { SpeakerChoice } from './SpeakerChoice.tsx';

interface PreviewProps {
  readonly initialName: string;
  readonly isJoining: boolean;
  /** Key of `errors.*`. */
  readonly error: string | undefined;
  /** Until then PINs are not listened to. */
  readonly retryAtMs: number | undefined;
  /** Asks for the chairs' PIN from the start. */
  readonly leadsAtFirst: boolean;
  /** Of a meeting that was led in this tab before. */
  readonly lastRecord: LastRecord | undefined;
  readonly onJoin: (name: string, choice: JoinChoice) => void;
}

/** What somebody takes along through the door. */
export interface JoinChoice {
  readonly media: LocalMedia;
  readonly pin: string;
  readonly speakerId: string | undefined;
}

const NOTHING: LocalMedia = { camera: undefined, microphone: undefined, problem: undefined };

/** Name, camera and microphone before the door. */
export function Preview(props: PreviewProps) {
  const { initialName, isJoining, error, retryAtMs, leadsAtFirst, lastRecord, onJoin } = props;
  const { t, i18n } = useTranslation();
  const [choice, setChoice] = useState<DeviceChoice>(kept);
  const [speakerId, setSpeakerId] = useState(() => loadPreferences().speakerId);
  const { media, isAsking, devices, keep } = useDevices(choice, isJoining);
  const [isWaiting, setWaiting] = useState(false);
  const [leads, setLeads] = useState(leadsAtFirst);
  const [ledLastTime, setLedLastTime] = useState(false);
  const isChairPinWrong = ledLastTime && error !== 'pins-refused' && asksForPin(error);
  const guestError = isChairPinWrong ? undefined : error;
  const problem = isChairPinWrong && leads ? 'chair-pin-wrong' : guestError;
  // Who is quicker than the camera takes it along all the same.
  const submit = async (form: FormData) => {
    const name = String(form.get('name') ?? '').trim();
    if (!name) return;
    setWaiting(true);
    setLedLastTime(leads);
    const { cameraId, microphoneId } = choice;
    savePreferences({ name, cameraId, microphoneId, speakerId });
    const media = form.get('devices') === 'none' ? NOTHING : await keep();
    setWaiting(false);
    onJoin(name, { media, pin: String(form.get('pin') ?? '').trim(), speakerId });
  };
  return (
    <main className="card preview">
      <h1>{t('preview.title')}</h1>
      {problem && (
        <Problem words={t(`errors.${problem}`, { time: timeOf(retryAtMs ?? 0, i18n.language) })} />
      )}
      <div className="preview-look">
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
      </div>
      <form
        onSubmit={event => {
          event.preventDefault(); // an `action` would empty the fields
          const { submitter } = event.nativeEvent as SubmitEvent;
          void submit(new FormData(event.currentTarget, submitter));
        }}
      >
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
        <label className="switch">
          <input
            type="checkbox"
            checked={leads}
            onChange={({ target }) => setLeads(target.checked)}
          />
          {t('preview.leads')}
        </label>
        {(leads || asksForPin(guestError)) && (
          <PinField
            key={leads ? 'chair' : 'guest'}
            label={leads ? t('preview.chairPin') : t('preview.pin')}
          />
        )}
        <button type="submit" className="primary" disabled={isJoining || isWaiting}>
          {isJoining || isWaiting ? t('preview.joining') : t('preview.join')}
        </button>
        {(media.camera || media.microphone || isAsking) && (
          <button type="submit" name="devices" value="none" disabled={isJoining || isWaiting}>
            {t('preview.joinWithout')}
          </button>
        )}
        <fieldset className="devices">
          <legend>{t('settings.open')}</legend>
          <DeviceSelect
            label={t('preview.camera')}
            devices={devices.filter(device => device.kind === 'videoinput')}
            value={choice.cameraId}
            onChange={cameraId => setChoice({ ...choice, cameraId })}
          />
          <DeviceSelect
            label={t('preview.microphone')}
            devices={devices.filter(device => device.kind === 'audioinput')}
            value={choice.microphoneId}
            onChange={microphoneId => setChoice({ ...choice, microphoneId })}
          />
          <SpeakerChoice
            devices={devices.filter(device => device.kind === 'audiooutput')}
            value={speakerId}
            onChange={setSpeakerId}
          />
        </fieldset>
      </form>
      {lastRecord && (
        <RecordFiles ticket={lastRecord.ticket} conferenceName={lastRecord.conferenceName} />
      )}
    </main>
  );
}

/** Scrolled to: whoever pressed a button below would not see it. */
function Problem({ words }: { readonly words: string }) {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => void place.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <p ref={place} role="alert" className="problem">
      {words}
    </p>
  );
}

/** The devices of the last time; one that is gone is replaced by the browser's choice. */
function kept(): DeviceChoice {
  const { cameraId, microphoneId } = loadPreferences();
  return {
    ...(cameraId !== undefined && { cameraId }),
    ...(microphoneId !== undefined && { microphoneId }),
  };
}

function asksForPin(error: string | undefined): boolean {
  return error === 'pin-required' || error === 'pin-wrong' || error === 'pins-refused';
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
