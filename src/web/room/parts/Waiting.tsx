import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { Phase, RoomStore } from '../state.ts';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';
import { Picture } from './Picture.tsx';

interface WaitingProps {
  readonly store: RoomStore;
  readonly onLeave: () => void;
  /** Whoever waits is a chair, and has the PIN for it. */
  readonly onLead: () => void;
}

/** Before the door, camera and microphone ready, until whoever leads the meeting lets us in. */
export function Waiting({ store, onLeave, onLead }: WaitingProps) {
  const { t } = useTranslation();
  const { phase, conferenceName, camera, microphone } = useStore(store);
  useEffect(() => {
    document.title = `${t('waiting.title')} · ${conferenceName}`;
  }, [conferenceName, t]);
  if (phase.name !== 'waiting') return null;
  return (
    <main className="card">
      <h1>{conferenceName}</h1>
      <p role="status" className="waiting">
        {t(`waiting.${keyOf(phase)}`)}
      </p>
      <div className="preview-picture">
        {camera ? (
          <Picture track={camera} label={t('preview.picture')} mirrored />
        ) : (
          <span className="no-picture">{t('preview.noCamera')}</span>
        )}
      </div>
      <MicrophoneLevel track={microphone} label={t('preview.level')} />
      <button type="button" onClick={onLead}>
        {t('preview.leads')}
      </button>
      <button type="button" onClick={onLeave}>
        {t('waiting.leave')}
      </button>
    </main>
  );
}

function keyOf({ step, reason }: Extract<Phase, { name: 'waiting' }>): string {
  return step === 'waits' ? reason : step;
}
