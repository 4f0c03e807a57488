/** Simulcast: a camera sent in two sizes, of which each page fetches the one it needs. */
import type { BrowserCodec } from '../../../contract/rest.ts';

/** How large a feed is shown. */
export type FeedSize = 'full' | 'small';

/** As the room server counts them: the last that is offered is 0. */
export const SUBSTREAM: Record<FeedSize, number> = { full: 1, small: 0 };

/** Together below what a camera may take, so that the small one is not what is given up last. */
const SHARES: Record<FeedSize, number> = { full: 0.8, small: 0.17 };

/**
 * What to send of a camera. One size where it is VP8, which few browsers send: what the halls
 * get of it would have to be rewritten inside each picture (RFC 7741 §4.2).
 */
export function cameraLayers(
  codec: BrowserCodec,
  maxBitrateBps: number,
): RTCRtpEncodingParameters[] {
  if (codec !== 'h264') return [{ maxBitrate: maxBitrateBps }];
  return [
    { rid: 'h', maxBitrate: maxBitrateBps * SHARES.full },
    { rid: 'l', maxBitrate: maxBitrateBps * SHARES.small, scaleResolutionDownBy: 2 },
  ];
}
