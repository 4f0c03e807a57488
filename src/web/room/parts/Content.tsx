import { useTranslation } from 'react-i18next';
import { Picture } from './Picture.tsx';

interface ContentProps {
  readonly sharerName: string;
  readonly stream: MediaStream;
}

/** Somebody's screen, as large as there is room, whole and never mirrored. */
export function Content({ sharerName, stream }: ContentProps) {
  const { t } = useTranslation();
  const label = t('room.screenOf', { name: sharerName });
  return (
    <figure className="tile content" aria-label={label}>
      <Picture stream={stream} label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}
