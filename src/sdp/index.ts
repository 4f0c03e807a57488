/**
 * The SDP library: pure functions from text to a plan and from a plan to text.
 * No I/O, no throw on any input, no SIP. `plan` decides what of an offer is
 * taken, `answer` mirrors the offer's m-lines; `offer` and `accept` are the same
 * with the roles swapped; `compare` says what a re-negotiation changed;
 * `relay-sdp.ts` writes what goes between us and the media relay. Start reading
 * at `plan.ts`.
 */
export { accept } from './accept.ts';
export { type AnswerAddresses, answer } from './answer.ts';
export {
  type Change,
  compare,
  type Medium,
  needsKeyframeAsked,
  needsKeyframeSent,
} from './compare.ts';
export type { CryptoLine, CryptoSuite } from './crypto.ts';
export type { LocalAddresses } from './media-lines.ts';
export { type OfferOptions, offer } from './offer.ts';
export { OFFER_PAYLOAD_TYPES } from './payload-types.ts';
export {
  fits,
  largestPicture,
  type Picture,
  type PictureLimits,
  type PictureSize,
} from './picture.ts';
export { DEFAULT_CAPABILITIES, plan } from './plan.ts';
export type { SrtpPolicy } from './profile.ts';
export { QUIRKS, type Quirk, type QuirkEffect, quirksOf } from './quirks.ts';
export { redactSdp } from './redact.ts';
export {
  type FeedDescription,
  feedOffer,
  type InnerParts,
  innerSdp,
  type RelayedStream,
  readRelaySdp,
  relayAnswer,
  relayOffer,
  vp8FeedOffer,
} from './relay-sdp.ts';
export type {
  AudioName,
  AudioPlan,
  Capabilities,
  Direction,
  DtmfPlan,
  MediaAddress,
  MediaPlan,
  OfferedMedia,
  ParsedOffer,
  PlanResult,
  RefreshMethod,
  VideoCodecName,
  VideoFeedback,
  VideoPlan,
} from './types.ts';
