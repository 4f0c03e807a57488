import { contentFeedId, isComposedFeed } from '../../../contract/feeds.ts';
import type { BrowserCodec } from '../../../contract/rest.ts';

/** Somebody who publishes, as the room server tells it. */
export interface Publisher {
  readonly id: string;
  readonly streams?: readonly {
    type: string;
    mid: string;
    codec?: string;
    disabled?: boolean;
    simulcast?: boolean;
  }[];
}

/** What to do with a feed. */
export type FeedVerdict =
  | { readonly kind: 'none' | 'ignored' | 'undecodable' }
  | {
      readonly kind: 'shown';
      readonly mid: string;
      /** Comes in more than one size. */
      readonly isLayered: boolean;
    };

/**
 * Judges a feed of the room. The composed picture is for those who cannot decode the
 * others; our own screen we know.
 */
export function judgeFeed(
  { id, streams }: Publisher,
  self: { readonly id: string; readonly decodes: readonly BrowserCodec[] },
): FeedVerdict {
  const picture = streams?.find(stream => stream.type === 'video' && !stream.disabled);
  if (!picture) return { kind: 'none' };
  const isSpare = isComposedFeed(id) && self.decodes.includes('h264');
  if (isSpare || id === contentFeedId(self.id)) return { kind: 'ignored' };
  const isDecodable = self.decodes.some(codec => codec === picture.codec?.toLowerCase());
  if (!isDecodable) return { kind: 'undecodable' };
  return { kind: 'shown', mid: picture.mid, isLayered: picture.simulcast ?? false };
}
