import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';
import { Announcer } from './Announcer.tsx';
import { Controls } from './Controls.tsx';
import { Picture } from './Picture.tsx';
import { Sound } from './Sound.tsx';
import { Tile } from './Tile.tsx';

interface MeetingProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
  readonly camera: MediaStreamTrack | undefined;
}

/** The meeting itself: a tile for everybody, the sound, the controls. */
export function Meeting({ store, visit, camera }: MeetingProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const { participants, selfId, phase, streams, undecodable, talking, conferenceName } = state;
  useEffect(() => {
    if (conferenceName) document.title = `${conferenceName} · ${t('appName')}`;
  }, [conferenceName, t]);

  const others = participants.filter(participant => participant.id !== selfId);
  const unseen = others.filter(({ id }) => undecodable.has(id)).map(({ name }) => name);
  return (
    <div className="meeting">
      <header>
        <h1>{conferenceName}</h1>
        <span>{t('room.participants', { count: participants.length })}</span>
      </header>
      {phase.name === 'reconnecting' && (
        <p role="alert" className="banner">
          {t('room.reconnecting')}
        </p>
      )}
      {unseen.length > 0 && (
        <p role="status" className="banner">
          {t('room.cannotDecode', { names: unseen.join(', ') })}
        </p>
      )}
      <main className={`grid ${gridClass(others.length + 1)}`}>
        {others.map(participant => (
          <Tile
            key={participant.id}
            participant={participant}
            isSpeaking={talking.has(participant.id) || participant.speaking}
            stream={streams.get(participant.id)}
            isUndecodable={undecodable.has(participant.id)}
          />
        ))}
        <figure className="tile self" aria-label={t('room.you', { name: state.name })}>
          {camera && state.cameraOn ? (
            <Picture track={camera} label={t('room.you', { name: state.name })} mirrored />
          ) : (
            <span className="initials" aria-hidden="true">
              {state.name.slice(0, 1)}
            </span>
          )}
          <figcaption>
            {t('room.you', { name: state.name })}
            {state.muted && <span className="mark"> · {t('room.muted')}</span>}
          </figcaption>
        </figure>
        {others.length === 0 && <p className="alone">{t('room.alone')}</p>}
      </main>
      <Sound store={store} />
      <Controls store={store} visit={visit} hasCamera={camera !== undefined} />
      <Announcer participants={participants} />
    </div>
  );
}

/** How many tiles stand side by side. */
function gridClass(tiles: number): string {
  const columns = Math.ceil(Math.sqrt(tiles));
  return `columns-${Math.min(columns, 6)}`;
}
