import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

const SECONDS = [15, 30, 60, 300, 3600] as const;
const MAX_CHARS = 200;

/** Words on every screen of the meeting, for a while. */
export function ScreenMessage({ visit, chair: { message } }: SectionProps) {
  const { t } = useTranslation();
  const acting = useActing(visit);
  const [typed, setTyped] = useState('');
  const [seconds, setSeconds] = useState<number>(SECONDS[1]);
  const text = typed.trim();
  return (
    <Section title={t('chair.message.title')} acting={acting}>
      {message && (
        <div className="row">
          <p role="status">{t('chair.message.shown', { text: message.text })}</p>
          <ActButton className="small" acting={acting} act={{ do: 'message', text: '' }}>
            {t('chair.message.takeAway')}
          </ActButton>
        </div>
      )}
      <label className="field">
        {t('chair.message.text')}
        <textarea
          rows={2}
          maxLength={MAX_CHARS}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </label>
      <label className="field">
        {t('chair.message.for')}
        <select value={seconds} onChange={({ target }) => setSeconds(Number(target.value))}>
          {SECONDS.map(one => (
            <option key={one} value={one}>
              {one < 60
                ? t('chair.acts.seconds', { count: one })
                : t('chair.acts.minutes', { count: one / 60 })}
            </option>
          ))}
        </select>
      </label>
      <ActButton
        acting={acting}
        act={{ do: 'message', text, seconds }}
        disabled={text === ''}
        onDone={() => setTyped('')}
      >
        {t('chair.message.show')}
      </ActButton>
    </Section>
  );
}
