import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { HandMark } from './HandMark.tsx';
import { Picture } from './Picture.tsx';
import { type TileMark, TileMarks } from './TileMarks.tsx';

interface SelfTileProps {
  readonly figure: RefObject<HTMLElement | null>;
  readonly name: string;
  readonly camera: MediaStreamTrack | undefined;
  readonly muted: boolean;
  readonly hasFloor: boolean;
  /** Among those who ask to speak, from 1. */
  readonly handPlace: number | undefined;
}

/** Ourselves, as in a mirror. */
export function SelfTile(props: SelfTileProps) {
  const { figure, name, camera, muted, hasFloor, handPlace } = props;
  const { t } = useTranslation();
  const label = t('room.you', { name });
  const marks: readonly TileMark[] = [
    muted && ({ icon: 'muted', words: t('room.muted') } as const),
    hasFloor && { words: t('floor.mark') },
  ].filter(mark => mark !== false);
  return (
    <figure ref={figure} className={hasFloor ? 'tile self floor' : 'tile self'} aria-label={label}>
      {camera ? (
        <Picture track={camera} label={label} mirrored />
      ) : (
        <span className="initials" aria-hidden="true">
          {name.slice(0, 1)}
        </span>
      )}
      <HandMark place={handPlace} />
      <figcaption>
        <span className="tile-name">{label}</span>
        <TileMarks marks={marks} />
      </figcaption>
    </figure>
  );
}
