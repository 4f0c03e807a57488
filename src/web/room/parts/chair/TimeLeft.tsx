import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

const EXTEND_MIN = [15, 30, 60] as const;
const TICK_MS = 5_000;

/** When the meeting ends by itself, and how to make that later. */
export function TimeLeft({ store, visit, chair: { endsAtMs } }: SectionProps) {
  const { t, i18n } = useTranslation();
  const { clockAheadMs } = useStore(store);
  const acting = useActing(visit);
  const nowMs = useNowMs() + clockAheadMs;
  const time = (atMs: number) =>
    new Intl.DateTimeFormat(i18n.language, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(atMs);
  return (
    <Section title={t('chair.time.title')} acting={acting}>
      <p>
        {endsAtMs === undefined
          ? t('chair.time.noEnd')
          : t('chair.time.left', {
              time: time(endsAtMs - clockAheadMs),
              count: Math.max(0, Math.ceil((endsAtMs - nowMs) / 60_000)),
            })}
      </p>
      {endsAtMs !== undefined && (
        <div className="row">
          {EXTEND_MIN.map(minutes => (
            <ActButton key={minutes} acting={acting} act={{ do: 'extend', minutes }}>
              {t('chair.time.extend', { count: minutes })}
            </ActButton>
          ))}
        </div>
      )}
    </Section>
  );
}

function useNowMs(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
