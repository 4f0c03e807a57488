import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ParticipantView } from '../../../contract/rest.ts';
import { useStore } from '../../shared/store.ts';
import { arrange } from '../arrange.ts';
import type { LocalTracks } from '../media/local-media.ts';
import { isHeard } from '../speaker.ts';
import { hasOwnFloor, placeInQueue } from '../speaking-order.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';
import { Announcer } from './Announcer.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { Content } from './Content.tsx';
import { Controls } from './Controls.tsx';
import { WaitingNote } from './chair/WaitingNote.tsx';
import { MutedHint } from './MutedHint.tsx';
import { NetworkIndicator } from './NetworkIndicator.tsx';
import { OwnScreen } from './OwnScreen.tsx';
import { OwnTurn } from './OwnTurn.tsx';

import { Pages } from './Pages.tsx';
import { Picture } from './Picture.tsx';
import { SelfTile } from './SelfTile.tsx';
import { SharingNote } from './SharingNote.tsx';
import { SidePanel } from './SidePanels.tsx';
import { Sound } from './Sound.tsx';
import { SpeakingOrder } from './SpeakingOrder.tsx';
import { Tile } from './Tile.tsx';
import { UplinkQuestion } from './UplinkQuestion.tsx';
import { useTileSize } from './use-tile-size.ts';

interface MeetingProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
  readonly tracks: LocalTracks;
}

/** The meeting itself: a tile for everybody, the sound, the controls. */
export function Meeting({ store, visit, tracks }: MeetingProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const ownTile = useTileSize(store);
  const onPin = useCallback(
    (id: string) => store.set({ pinnedId: id === store.get().pinnedId ? undefined : id }),
    [store],
  );
  const { participants, streams, undecodable, talking, conferenceName, pinnedId } = state;
  useEffect(() => {
    if (conferenceName) document.title = `${conferenceName} · ${t('appName')}`;
  }, [conferenceName, t]);

  const { content, large, tiles, page, pages, composed, unseen, isAlone } = arrange(state);
  const isSharing = state.sharing.name === 'on';
  const hasLarge = content !== undefined || large !== undefined;
  const tileOf = (participant: ParticipantView, isLarge = false) => (
    <Tile
      key={participant.id}
      participant={participant}
      isSpeaking={isHeard(participant, talking)}
      stream={streams.get(participant.id)}
      isUndecodable={undecodable.has(participant.id)}
      isPinned={participant.id === pinnedId}
      isLarge={isLarge}
      hasFloor={participant.id === state.order?.floor?.participantId}
      handPlace={placeInQueue(state, participant.id)}
      onPin={onPin}
    />
  );
  return (
    <div className="meeting">
      <header>
        <h1>{conferenceName}</h1>
        <span>{t('room.participants', { count: participants.length })}</span>
        <NetworkIndicator store={store} />
      </header>
      <ConnectionBanner store={store} visit={visit} />
      <UplinkQuestion store={store} visit={visit} />
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
      <SpeakingOrder store={store} />
      <OwnTurn store={store} visit={visit} />
      <WaitingNote store={store} />
      <SharingNote store={store} visit={visit} />
      <MutedHint store={store} />
      <div className="stage-and-panel">
        <main className={hasLarge ? 'with-content' : undefined}>
          {content && <Content sharerName={content.sharer.name} stream={content.stream} />}
          {large && tileOf(large, true)}
          <div
            className={`grid ${gridClass(tiles.length + 1 + Number(composed !== undefined) + Number(isSharing))}`}
          >
            {composed && (
              <figure className="tile composed" aria-label={t('room.composed')}>
                <Picture stream={composed} label={t('room.composed')} />
                <figcaption>{t('room.composed')}</figcaption>
              </figure>
            )}
            {tiles.map(participant => tileOf(participant))}
            <SelfTile
              figure={ownTile}
              name={state.name}
              camera={state.cameraOn ? state.camera : undefined}
              muted={state.muted || state.heldMuted}
              hasFloor={hasOwnFloor(state)}
              handPlace={placeInQueue(state, state.selfId)}
            />
            <OwnScreen store={store} />
            {isAlone && <p className="alone">{t('room.alone')}</p>}
          </div>
        </main>
        <SidePanel store={store} visit={visit} />
      </div>
      <Pages page={page} pages={pages} onTurn={next => store.set({ page: next })} />
      <Sound store={store} />
      <Controls store={store} visit={visit} tracks={tracks} />
      <Announcer store={store} />
    </div>
  );
}

/** How many tiles stand side by side. */
function gridClass(tiles: number): string {
  const columns = Math.ceil(Math.sqrt(tiles));
  return `columns-${Math.min(columns, 6)}`;
}
