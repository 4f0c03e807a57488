import { contentFeedId, isComposedFeed } from '../../contract/feeds.ts';
import type { ParticipantView } from '../../contract/rest.ts';
import type { RoomState } from './state.ts';
import { sharerAmong } from './state.ts';

/** What is on the page, and where. */
export interface Arrangement {
  readonly others: readonly ParticipantView[];
  /** Somebody else's screen, shown large. */
  readonly content: { readonly sharer: ParticipantView; readonly stream: MediaStream } | undefined;
  /** The picture the halls see, in place of those this browser cannot decode. */
  readonly composed: MediaStream | undefined;
  /** Names of those who are shown nowhere. */
  readonly unseen: readonly string[];
}

type Seen = Pick<RoomState, 'participants' | 'selfId' | 'streams' | 'undecodable'>;

export function arrange({ participants, selfId, streams, undecodable }: Seen): Arrangement {
  const others = participants.filter(({ id }) => id !== selfId);
  const sharer = sharerAmong(participants, selfId);
  const screen = sharer && streams.get(contentFeedId(sharer.id));
  const composed = [...streams].find(([feed]) => isComposedFeed(feed))?.[1];
  const isUnseen = ({ id }: ParticipantView) =>
    undecodable.has(id) || undecodable.has(contentFeedId(id));
  return {
    others,
    content: screen && { sharer, stream: screen },
    composed,
    unseen: composed ? [] : others.filter(isUnseen).map(({ name }) => name),
  };
}
