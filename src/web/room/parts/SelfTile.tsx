import { useTranslation } from 'react-i18next';
import { Picture } from './Picture.tsx';

interface SelfTileProps {
  readonly name: string;
  readonly camera: MediaStreamTrack | undefined;
  readonly muted: boolean;
}

/** Ourselves, as in a mirror. */
export function SelfTile({ name, camera, muted }: SelfTileProps) {
  const { t } = useTranslation();
  const label = t('room.you', { name });
  return (
    <figure className="tile self" aria-label={label}>
      {camera ? (
        <Picture track={camera} label={label} mirrored />
      ) : (
        <span className="initials" aria-hidden="true">
          {name.slice(0, 1)}
        </span>
      )}
      <figcaption>
        {label}
        {muted && <span className="mark"> · {t('room.muted')}</span>}
      </figcaption>
    </figure>
  );
}
