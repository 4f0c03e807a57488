import { useTranslation } from 'react-i18next';
import type { ParticipantView } from '../../../contract/rest.ts';
import { Picture } from './Picture.tsx';

interface TileProps {
  readonly participant: ParticipantView;
  readonly isSpeaking: boolean;
  readonly stream: MediaStream | undefined;
  readonly isUndecodable: boolean;
}

/** One participant: the picture or the initials, the name, and what is the matter. */
export function Tile({ participant, isSpeaking, stream, isUndecodable }: TileProps) {
  const { t } = useTranslation();
  const { id, name, kind, muted, alarms, hasVideo } = participant;
  const marks = [
    kind === 'endpoint' && t('room.site'),
    muted && t('room.muted'),
    ...alarms.map(alarm => t(`room.alarms.${alarm}`)),
    isSpeaking && t('room.speaking'),
  ].filter(Boolean);
  const classes = ['tile', kind, isSpeaking && 'speaking'].filter(Boolean).join(' ');
  return (
    <figure className={classes} aria-label={name}>
      {stream && hasVideo ? (
        <Picture stream={stream} label={name} participantId={id} />
      ) : (
        <span className="initials" aria-hidden="true">
          {isUndecodable ? t('room.cannotSee') : name.slice(0, 1)}
        </span>
      )}
      <figcaption>
        {name}
        {marks.length > 0 && <span className="mark"> · {marks.join(' · ')}</span>}
      </figcaption>
    </figure>
  );
}
