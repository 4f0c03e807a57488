/**
 * The SDP library: pure functions from text to a plan and from a plan to text.
 * No I/O, no throw on any input, no SIP. `plan` decides what of an offer is
 * taken, `answer` mirrors the offer's m-lines, `relay-sdp.ts` writes what goes
 * between us and the media relay. Start reading at `plan.ts`.
 */
export { type AnswerAddresses, answer } from './answer.ts';
export type { CryptoLine, CryptoSuite } from './crypto.ts';
export {
  fits,
  largestPicture,
  type Picture,
  type PictureLimits,
  type PictureSize,
} from './picture.ts';
export { DEFAULT_CAPABILITIES, plan } from './plan.ts';
export type { SrtpPolicy } from './profile.ts';
export { type Quirk, type QuirkEffect, quirksOf } from './quirks.ts';
export {
  type FeedDescription,
  feedOffer,
  type InnerParts,
  innerSdp,
  type RelayedStream,
  readRelaySdp,
  relayAnswer,
  relayOffer,
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
  VideoFeedback,
  VideoPlan,
} from './types.ts';
