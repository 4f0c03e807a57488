import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { watchVoice } from '../media/voice-watch.ts';
import type { RoomStore } from '../state.ts';

const SHOWN_MS = 5_000;

/** Tells somebody who talks into a microphone that is off. */
export function MutedHint({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const { muted, microphone, heldMuted } = useStore(store);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    setShown(false);
    if (!muted || !microphone || heldMuted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unwatch = watchVoice(microphone, () => {
      setShown(true);
      clearTimeout(timer);
      timer = setTimeout(() => setShown(false), SHOWN_MS);
    });
    return () => {
      clearTimeout(timer);
      unwatch();
    };
  }, [muted, microphone, heldMuted]);
  if (!isShown) return null;
  return (
    <p role="status" className="banner">
      {t('room.mutedHint')}
    </p>
  );
}
