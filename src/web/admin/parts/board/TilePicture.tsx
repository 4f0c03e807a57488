import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ParticipantDetailView } from '../../../../contract/rest.ts';
import { useStore } from '../../../shared/store.ts';
import type { Snapshots } from '../../lib/snapshots.ts';
import { Icon } from '../Icon.tsx';

export interface TilePictureProps {
  readonly participant: ParticipantDetailView | undefined;
  readonly name: string;
  readonly snapshots: Snapshots;
}

/** What a participant's camera saw a moment ago; asked for while the tile is in view. */
export function TilePicture({ participant, name, snapshots }: TilePictureProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const { pictures } = useStore(snapshots.store);
  const id = participant?.hasVideo ? participant.id : undefined;
  useEffect(() => {
    if (!frame.current || id === undefined) return;
    const observer = new IntersectionObserver(entries =>
      snapshots.setInView(id, entries.at(-1)?.isIntersecting ?? false),
    );
    observer.observe(frame.current);
    return () => {
      observer.disconnect();
      snapshots.setInView(id, false);
    };
  }, [id, snapshots]);
  const picture = id === undefined ? undefined : pictures.get(id);
  return (
    <div className="tile-picture" ref={frame}>
      {picture ? (
        <img src={picture.url} alt={t('board.pictureOf', { name })} />
      ) : (
        <Icon name={participant ? 'eye' : 'site'} />
      )}
    </div>
  );
}
