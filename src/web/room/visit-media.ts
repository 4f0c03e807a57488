/** The media of one connection: everybody's sound and pictures, and our own screen. Knows no React. */
import type { JoinView } from '../../contract/rest.ts';
import { askToShare, tellSharingStopped } from './api.ts';
import { AudioBridge } from './media/audiobridge.ts';
import type { BrowserCodecs } from './media/codecs.ts';
import type { JanusSession } from './media/janus.ts';
import type { LocalTracks } from './media/local-media.ts';
import { ScreenFeed } from './media/screen.ts';
import { VideoRoom } from './media/videoroom.ts';
import type { ConnectionWatch } from './network/connection-watch.ts';
import type { WatchedMedia } from './network/network-watch.ts';
import { withMember } from './set-of.ts';
import type { ScreenPublisher } from './sharing.ts';
import type { RoomStore } from './state.ts';

export interface VisitMediaDeps {
  readonly store: RoomStore;
  readonly tracks: LocalTracks;
  readonly codecs: BrowserCodecs;
  readonly connection: ConnectionWatch;
  readonly onTalking: (id: string, talking: boolean) => void;
}

/** What is made for a connection; `audio` and `video` have yet to join. */
export interface VisitMedia {
  readonly audio: AudioBridge;
  readonly video: VideoRoom;
  readonly watched: WatchedMedia;
  readonly screen: ScreenPublisher;
}

/** @param onFailed told when it takes joining anew */
export function visitMedia(
  session: JanusSession,
  view: JoinView,
  deps: VisitMediaDeps,
  onFailed: () => void,
): VisitMedia {
  const audio = audioBridge(session, view, deps, onFailed);
  const video = videoRoom(session, view, deps, onFailed);
  const screen = screenPublisher(session, view, deps, audio);
  return { audio, video, screen, watched: watchedMedia(audio, video) };
}

function audioBridge(
  session: JanusSession,
  { roomId }: JoinView,
  { store, tracks, connection, onTalking }: VisitMediaDeps,
  onFailed: () => void,
): AudioBridge {
  return new AudioBridge(session, {
    roomId,
    microphone: tracks.microphone,
    onSound: sound => store.set({ sound }),
    onTalking,
    onTrouble: isTroubled => connection.media('sound', isTroubled),
    onFailed,
  });
}

function videoRoom(
  session: JanusSession,
  view: JoinView,
  { store, tracks, codecs, connection }: VisitMediaDeps,
  onFailed: () => void,
): VideoRoom {
  return new VideoRoom(session, {
    roomId: view.roomId,
    selfId: view.participantId,
    camera: tracks.camera,
    maxBitrateBps: view.maxVideoBitrateBps,
    codecs,
    onPicture: (feed, stream) => {
      const streams = new Map(store.get().streams);
      if (stream) streams.set(feed, stream);
      else streams.delete(feed);
      store.set({ streams });
    },
    onUndecodable: (feed, undecodable) => {
      store.set({ undecodable: withMember(store.get().undecodable, feed, undecodable) });
    },
    onTrouble: (which, isTroubled) => connection.media(which, isTroubled),
    onFailed,
  });
}

function screenPublisher(
  session: JanusSession,
  { token, roomId, maxVideoBitrateBps }: JoinView,
  { codecs }: VisitMediaDeps,
  audio: AudioBridge,
): ScreenPublisher {
  const terms = { roomId, maxBitrateBps: maxVideoBitrateBps, codec: codecs.sends };
  return {
    ask: () => askToShare(token),
    publish: async ({ picture: track, sound }, onFailed) => {
      const feed = await ScreenFeed.open(session, { ...terms, track, onFailed });
      const hear = (shared: MediaStreamTrack | undefined) =>
        audio.shareSound(shared).catch(() => undefined); // seen without its sound
      void hear(sound);
      return async () => void (await Promise.all([hear(undefined), feed.close()]));
    },
    release: () => tellSharingStopped(token),
  };
}

function watchedMedia(audio: AudioBridge, video: VideoRoom): WatchedMedia {
  return {
    stats: async () => [await audio.stats(), ...(await video.stats())],
    pictureSizes: video.sizes,
    limitPicture: (step, maxBitrateBps) => video.limit(step, maxBitrateBps),
    limitSound: maxBitrateBps => audio.limit(maxBitrateBps),
  };
}
