import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';

interface ConnectionBannerProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
}

/** What is wrong with the connection, what is done about it, and whether one is heard meanwhile. */
export function ConnectionBanner({ store, visit }: ConnectionBannerProps) {
  const { t } = useTranslation();
  const { phase, trouble } = useStore(store);
  const shown =
    trouble ?? (phase.name === 'reconnecting' ? { kind: 'joining' as const } : undefined);
  if (!shown) return null;
  const words = shown.kind === 'waiting' ? t(`trouble.${shown.cause}`) : t(`trouble.${shown.kind}`);
  const isApart = phase.name === 'reconnecting';
  return (
    <div className="banner">
      <p role="alert">
        {words} {t(isApart ? 'trouble.notHeard' : 'trouble.perhapsHeard')}
      </p>
      {shown.kind === 'waiting' && (
        <>
          <Countdown untilMs={shown.retryAtMs} />
          <button type="button" onClick={() => visit?.tryAgainNow()}>
            {t('trouble.tryNow')}
          </button>
        </>
      )}
    </div>
  );
}

/** Not part of the alert: it would be read out every second. */
function Countdown({ untilMs }: { readonly untilMs: number }) {
  const { t } = useTranslation();
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
  return <span>{t('trouble.retryIn', { seconds })}</span>;
}
