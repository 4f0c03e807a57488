import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { arrange } from '../arrange.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';
import { Announcer } from './Announcer.tsx';
import { Content } from './Content.tsx';
import { Controls } from './Controls.tsx';
import { Picture } from './Picture.tsx';
import { SharingNote } from './ShareButton.tsx';
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
  const { participants, phase, streams, undecodable, talking, conferenceName } = state;
  useEffect(() => {
    if (conferenceName) document.title = `${conferenceName} · ${t('appName')}`;
  }, [conferenceName, t]);

  const { others, content, composed, unseen } = arrange(state);
  const tiles = others.length + (composed ? 2 : 1);
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
      {state.message !== '' && (
        <p role="status" className="banner">
          {state.message}
        </p>
      )}
      {state.heldMuted && (
        <p role="status" className="banner">
          {t('room.heldMuted')}
        </p>
      )}
      <SharingNote store={store} />
      <main className={content ? 'with-content' : undefined}>
        {content && <Content sharerName={content.sharer.name} stream={content.stream} />}
        <div className={`grid ${gridClass(tiles)}`}>
          {composed && (
            <figure className="tile composed" aria-label={t('room.composed')}>
              <Picture stream={composed} label={t('room.composed')} />
              <figcaption>{t('room.composed')}</figcaption>
            </figure>
          )}
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
              {(state.muted || state.heldMuted) && (
                <span className="mark"> · {t('room.muted')}</span>
              )}
            </figcaption>
          </figure>
          {others.length === 0 && <p className="alone">{t('room.alone')}</p>}
        </div>
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
