import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ParticipantView } from '../../../contract/rest.ts';
import { HandMark } from './HandMark.tsx';
import { Picture } from './Picture.tsx';
import { TileActions } from './TileActions.tsx';

interface TileProps {
  readonly participant: ParticipantView;
  readonly isSpeaking: boolean;
  readonly stream: MediaStream | undefined;
  readonly isUndecodable: boolean;
  readonly isPinned: boolean;
  readonly isLarge?: boolean;
  readonly hasFloor: boolean;
  /** Among those who ask to speak, from 1. */
  readonly handPlace: number | undefined;
  readonly onPin: () => void;
}

/** One participant: the picture or the initials, the name, and what is the matter. */
export function Tile(props: TileProps) {
  const { participant, isSpeaking, stream, isUndecodable, isPinned, isLarge, onPin } = props;
  const { hasFloor, handPlace } = props;
  const { t } = useTranslation();
  const figure = useRef<HTMLElement>(null);
  const { id, name, kind, muted, poorLine, alarms, hasVideo, chair, away } = participant;
  const marks = [
    away && t('room.away'),
    kind === 'endpoint' && t('room.site'),
    chair && t('room.chair'),
    hasFloor && t('floor.mark'),
    muted && t('room.muted'),
    poorLine && t('room.poorLine'),
    ...alarms.map(alarm => t(`room.alarms.${alarm}`)),
    isSpeaking && t('room.speaking'),
    isPinned && t('room.pinned'),
  ].filter(Boolean);
  const classes = ['tile', kind, isSpeaking && 'speaking', isLarge && 'large', hasFloor && 'floor'];
  const hasPicture = stream !== undefined && hasVideo && !away;
  return (
    <figure ref={figure} className={classes.filter(Boolean).join(' ')} aria-label={name}>
      {hasPicture ? (
        <Picture stream={stream} label={name} participantId={id} />
      ) : (
        <span className="initials" aria-hidden="true">
          {isUndecodable ? t('room.cannotSee') : name.slice(0, 1)}
        </span>
      )}
      <HandMark place={handPlace} />
      <TileActions
        figure={figure}
        name={name}
        hasPicture={hasPicture}
        isPinned={isPinned}
        onPin={onPin}
      />
      <figcaption>
        {name}
        {marks.length > 0 && <span className="mark"> · {marks.join(' · ')}</span>}
      </figcaption>
    </figure>
  );
}
