/** Simulcast: a camera sent in two sizes, of which each page fetches the one it needs. */
import type { BrowserCodec } from '../../../contract/rest.ts';
import type { EncodingLimits } from '../network/picture-limits.ts';

/** How large a feed is shown. */
export type FeedSize = 'full' | 'small';

/** As the room server counts them: the last that is offered is 0. */
export const SUBSTREAM: Record<FeedSize, number> = { full: 1, small: 0 };

/** In the order they are offered, RFC 8853 §5.1. */
const RIDS: Record<FeedSize, string> = { full: 'h', small: 'l' };

/**
 * In how many sizes a camera is sent. One where it is VP8, which few browsers send: what the
 * halls get of it would have to be rewritten inside each picture (RFC 7741 §4.2).
 */
export function sizesOf(codec: BrowserCodec): 1 | 2 {
  return codec === 'h264' ? 2 : 1;
}

/** For `addTransceiver`: what is sent in each size. */
export function sendEncodings(limits: readonly EncodingLimits[]): RTCRtpEncodingParameters[] {
  const rids = Object.values(RIDS);
  if (limits.length < rids.length) return [...limits];
  return limits.map((limit, size) => ({ rid: rids[size] ?? '', ...limit }));
}
