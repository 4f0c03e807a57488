import { contentFeedId, isComposedFeed } from '../../contract/feeds.ts';
import type { ParticipantView } from '../../contract/rest.ts';
import { largeForAll } from './speaking-order.ts';
import type { RoomState } from './state.ts';
import { sharerAmong } from './state.ts';

/** Tiles of a page at most, our own not counted: as many as an old computer decodes. */
const GRID_PAGE = 24;
/** The same beside one large picture. */
const STRIP_PAGE = 8;

/** What is on the page, and where. */
export interface Arrangement {
  /** Somebody else's screen, shown large. */
  readonly content: { readonly sharer: ParticipantView; readonly stream: MediaStream } | undefined;
  /** Who is large: the pinned one, else whom a chair put there, or who speaks. */
  readonly large: ParticipantView | undefined;
  /** Small ones of this page, in the order they came. */
  readonly tiles: readonly ParticipantView[];
  readonly page: number;
  readonly pages: number;
  /** The picture the halls see, in place of those this browser cannot decode. */
  readonly composed: MediaStream | undefined;
  /** Names of those who are shown nowhere. */
  readonly unseen: readonly string[];
  readonly isAlone: boolean;
}

type Seen = Pick<
  RoomState,
  | 'participants'
  | 'selfId'
  | 'streams'
  | 'undecodable'
  | 'view'
  | 'pinnedId'
  | 'speakerId'
  | 'page'
  | 'order'
>;

export function arrange(state: Seen): Arrangement {
  const { participants, selfId, streams, undecodable } = state;
  const others = participants.filter(({ id }) => id !== selfId);
  const sharer = sharerAmong(participants, selfId);
  const screen = sharer && streams.get(contentFeedId(sharer.id));
  const composed = [...streams].find(([feed]) => isComposedFeed(feed))?.[1];
  const isUnseen = ({ id }: ParticipantView) =>
    undecodable.has(id) || undecodable.has(contentFeedId(id));
  const large = sharer ? undefined : largeOne(state, others);
  const chosen = largeForAll({ ...state, participants: others });
  const isSmall = (one: ParticipantView) => one !== large && one !== chosen;
  const first = chosen && chosen !== large ? [chosen] : [];
  const small = [...first, ...others.filter(isSmall)];
  const pageSize = large || sharer ? STRIP_PAGE : GRID_PAGE;
  const pages = Math.max(1, Math.ceil(small.length / pageSize));
  const page = Math.min(state.page, pages - 1);
  return {
    content: screen && { sharer, stream: screen },
    large,
    tiles: small.slice(page * pageSize, (page + 1) * pageSize),
    page,
    pages,
    composed,
    unseen: composed ? [] : others.filter(isUnseen).map(({ name }) => name),
    isAlone: others.length === 0,
  };
}

/** Feeds whose pictures are on the page: only these are worth subscribing to. */
export function feedsOnPage(state: Seen): ReadonlySet<string> {
  const { large, tiles } = arrange(state);
  const sharer = sharerAmong(state.participants, state.selfId);
  const people = large ? [large, ...tiles] : tiles;
  return new Set([...people.map(({ id }) => id), ...(sharer ? [contentFeedId(sharer.id)] : [])]);
}

/** Those of them that are so small that the small size of a camera is as good. */
export function smallFeeds(
  state: Seen & Pick<RoomState, 'areTilesSmall' | 'fullScreenId'>,
): ReadonlySet<string> {
  const ids = state.areTilesSmall ? arrange(state).tiles.map(({ id }) => id) : [];
  return new Set(ids.filter(id => id !== state.fullScreenId));
}

function largeOne(
  { order, view, pinnedId, speakerId }: Seen,
  others: readonly ParticipantView[],
): ParticipantView | undefined {
  const pinned = others.find(({ id }) => id === pinnedId);
  const chosen = largeForAll({ order, participants: others });
  if (pinned ?? chosen) return pinned ?? chosen;
  if (view === 'grid') return undefined;
  return others.find(({ id }) => id === speakerId) ?? others[0];
}
