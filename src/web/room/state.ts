import type { ChairView, WaitReason } from '../../contract/chair.ts';
import type { ChatLine } from '../../contract/chat.ts';
import type { ContentFloorView } from '../../contract/content-floor.ts';
import type { RollCallView } from '../../contract/records.ts';
import type { ParticipantView } from '../../contract/rest.ts';
import type { SpeakingOrderView } from '../../contract/speaking-order.ts';
import { Store } from '../shared/store.ts';
import type { SharedScreen } from './media/screen.ts';
import type { NetworkView } from './network/judge.ts';
import type { Trouble } from './network/trouble.ts';
import type { PictureStep } from './network/uplink.ts';

/** Where the visitor is on the way in and out. */
export type Phase =
  /** `leads`: back from a wait, to come in as a chair. */
  | {
      readonly name: 'preview';
      readonly error?: string;
      /** Until then PINs are not listened to. */
      readonly retryAtMs?: number | undefined;
      readonly leads?: boolean;
    }
  | { readonly name: 'joining' }
  /** Until whoever leads the meeting lets us in. */
  | { readonly name: 'waiting'; readonly reason: WaitReason; readonly step: WaitStep }
  | { readonly name: 'in' }
  | { readonly name: 'reconnecting' }
  | { readonly name: 'ended'; readonly reason: FinalReason };

/** `lost`: the gateway is not reached for the moment; `admitted`: on the way in. */
export type WaitStep = 'waits' | 'lost' | 'admitted';

export type FinalReason = 'left' | 'conference-closed' | 'removed' | 'turned-away';

/** How sharing one's own screen stands. */
export type SharingState =
  | { readonly name: 'off'; readonly problem?: undefined }
  | { readonly name: 'off'; readonly problem: 'failed' }
  /** A chair has stopped it. */
  | { readonly name: 'off'; readonly problem: 'revoked' }
  /** Somebody else shares. */
  | { readonly name: 'off'; readonly problem: 'taken'; readonly by: string }
  | { readonly name: 'starting' }
  | { readonly name: 'on'; readonly screen: SharedScreen };

/** What can stand beside the pictures, one at a time. */
export type PanelName = 'people' | 'chat' | 'chair' | 'roll';

export interface RoomState {
  readonly phase: Phase;
  readonly conferenceName: string;
  readonly selfId: string;
  readonly name: string;
  /** Empty until the conference asks for one. */
  readonly pin: string;
  readonly participants: readonly ParticipantView[];
  /** Who is heard now, from the room server: quicker than the roster. */
  readonly talking: ReadonlySet<string>;
  /** The picture of each feed that is subscribed to; ids as in `contract/feeds.ts`. */
  readonly streams: ReadonlyMap<string, MediaStream>;
  /** Feeds this browser cannot decode. */
  readonly undecodable: ReadonlySet<string>;
  readonly sound: MediaStream | undefined;
  readonly soundBlocked: boolean;
  readonly muted: boolean;
  /** Whoever runs the meeting holds our microphone closed. */
  readonly heldMuted: boolean;
  /** Of whoever runs the meeting; empty for none. */
  readonly message: string;
  /** A chair asks us to open our microphone, and we have not answered yet. */
  readonly isAskedToUnmute: boolean;
  /** Our microphone was opened as we were given the floor, and closes with it. */
  readonly isOpenForFloor: boolean;
  /** Undefined until the gateway has told. */
  readonly order: SpeakingOrderView | undefined;
  /** By how much the gateway's clock is ahead of ours. */
  readonly clockAheadMs: number;
  readonly chat: readonly ChatLine[];
  /** How many of these the person has had before their eyes. */
  readonly chatSeen: number;
  readonly openPanel: PanelName | undefined;
  /** We lead the meeting. */
  readonly isChair: boolean;
  /** For chairs. */
  readonly chair: ChairView | undefined;
  /** For chairs, once the roll has been called. */
  readonly roll: RollCallView | undefined;
  /** For chairs: with it they fetch the record, also after the meeting. */
  readonly recordTicket: string | undefined;
  readonly cameraOn: boolean;
  /** Our own tracks; undefined where we joined without. */
  readonly camera: MediaStreamTrack | undefined;
  readonly microphone: MediaStreamTrack | undefined;
  /** Where the sound comes out; undefined: the computer's usual speaker. */
  readonly speakerDeviceId: string | undefined;
  readonly sharing: SharingState;
  /** Who shares and who asks to; undefined until the gateway has told. */
  readonly contentFloor: ContentFloorView | undefined;
  /** Everybody alike, or who speaks large. */
  readonly view: 'grid' | 'speaker';
  /** Large whoever speaks, on this page alone. */
  readonly pinnedId: string | undefined;
  /** Who of the others spoke last. */
  readonly speakerId: string | undefined;
  /** Of the small tiles, from 0. */
  readonly page: number;
  /** The small size of a camera is enough for the tiles, those that are not large. */
  readonly areTilesSmall: boolean;
  /** Whose tile has the whole display. */
  readonly fullScreenId: string | undefined;
  /** What is wrong with the connection. */
  readonly trouble: Trouble | undefined;
  /** How good the line is; undefined until it was measured. */
  readonly network: NetworkView | undefined;
  /** What of our picture the line lets us send. */
  readonly uplink: PictureStep;
}

export const initialState: RoomState = {
  phase: { name: 'preview' },
  conferenceName: '',
  selfId: '',
  name: '',
  pin: '',
  participants: [],
  talking: new Set(),
  streams: new Map(),
  undecodable: new Set(),
  sound: undefined,
  soundBlocked: false,
  muted: false,
  heldMuted: false,
  message: '',
  isAskedToUnmute: false,
  isOpenForFloor: false,
  order: undefined,
  clockAheadMs: 0,
  chat: [],
  chatSeen: 0,
  openPanel: undefined,
  isChair: false,
  chair: undefined,
  roll: undefined,
  recordTicket: undefined,
  cameraOn: true,
  camera: undefined,
  microphone: undefined,
  speakerDeviceId: undefined,
  sharing: { name: 'off' },
  contentFloor: undefined,
  view: 'grid',
  pinnedId: undefined,
  speakerId: undefined,
  page: 0,
  areTilesSmall: false,
  fullScreenId: undefined,
  trouble: undefined,
  network: undefined,
  uplink: 'full',
};

export type RoomStore = Store<RoomState>;

export function createRoomStore(): RoomStore {
  return new Store(initialState);
}

/** Names of who came and who went between two rosters, for those who listen to the page. */
export function rosterChange(
  before: readonly ParticipantView[],
  after: readonly ParticipantView[],
): { readonly joined: string[]; readonly left: string[] } {
  const missing = (from: readonly ParticipantView[], of: readonly ParticipantView[]) =>
    of.filter(one => !from.some(other => other.id === one.id)).map(one => one.name);
  return { joined: missing(before, after), left: missing(after, before) };
}

/** Who shares a screen, unless it is ourselves. */
export function sharerAmong(
  participants: readonly ParticipantView[],
  selfId: string,
): ParticipantView | undefined {
  return participants.find(({ id, sharing }) => sharing && id !== selfId);
}
