import { memo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ParticipantView } from '../../../contract/rest.ts';
import { isSameOnTile } from '../same-tile.ts';
import { HandMark } from './HandMark.tsx';
import { Picture } from './Picture.tsx';
import { TileActions } from './TileActions.tsx';
import { type TileMark, TileMarks } from './TileMarks.tsx';

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
  readonly onPin: (id: string) => void;
}

/**
 * One participant: the picture or the initials, the name, and what is the matter. Drawn anew only
 * when something of that changes: there are 24, and state changes with every word.
 */
export const Tile = memo(function Tile(props: TileProps) {
  const { participant, isSpeaking, stream, isUndecodable, isPinned, isLarge, onPin } = props;
  const { hasFloor, handPlace } = props;
  const { t } = useTranslation();
  const figure = useRef<HTMLElement>(null);
  const { id, name, kind, muted, poorLine, alarms, hasVideo, chair, away } = participant;
  const marks: readonly TileMark[] = [
    away && { words: t('room.away') },
    kind === 'endpoint' && ({ icon: 'site', words: t('room.site') } as const),
    chair && ({ icon: 'star', words: t('room.chair') } as const),
    muted && ({ icon: 'muted', words: t('room.muted') } as const),
    poorLine && ({ icon: 'line', words: t('room.poorLine') } as const),
    isPinned && ({ icon: 'pin', words: t('room.pinned') } as const),
    hasFloor && { words: t('floor.mark') },
    ...alarms.map(alarm => ({ words: t(`room.alarms.${alarm}`) })),
    isSpeaking && ({ icon: 'mic', words: t('room.speaking') } as const),
  ].filter(mark => mark !== false);
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
        onPin={() => onPin(id)}
      />
      <figcaption>
        <span className="tile-name">{name}</span>
        <TileMarks marks={marks} />
      </figcaption>
    </figure>
  );
}, isSameTile);

function isSameTile(before: TileProps, after: TileProps): boolean {
  const { participant, ...rest } = after;
  const names = Object.keys(rest) as (keyof typeof rest)[];
  return (
    names.every(name => before[name] === rest[name]) &&
    isSameOnTile(before.participant, participant)
  );
}
