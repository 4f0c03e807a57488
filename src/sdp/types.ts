import type { CryptoLine } from './crypto.ts';
import type { SrtpPolicy } from './profile.ts';

/** Audio coders the conference can take from an endpoint. */
export type AudioName = 'opus' | 'g722' | 'pcma' | 'pcmu';

/**
 * Codecs of the picture: RFC 6184; RFC 2190; RFC 4629, also as H263-2000; RFC 4587,
 * which is only ever received.
 */
export type VideoCodecName = 'h264' | 'h263' | 'h263-1998' | 'h261';

/** Seen from us; RFC 8866 §6.7. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Where one medium is received. */
export interface MediaAddress {
  readonly host: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** One payload type of an m-line. */
export interface OfferedCodec {
  readonly payloadType: number;
  /** Lower case, as in rtpmap; static types have theirs without a line, RFC 3551 §6. */
  readonly name: string;
  readonly clockRateHz: number;
  readonly channels: number;
  /** fmtp value, spaces and braces tidied. */
  readonly fmtp: string;
}

/** One m-line as offered; what the answer has to mirror. */
export interface OfferedMedia {
  readonly kind: string;
  readonly port: number;
  readonly proto: string;
  /** The fmt list as written. */
  readonly formats: string;
  readonly codecs: readonly OfferedCodec[];
  readonly direction: Direction;
  /** `host` is empty when c= is missing or no IP address. */
  readonly remote: MediaAddress;
  /** `a=content`, RFC 4796. */
  readonly content: readonly string[];
  /** Values of `a=rtcp-fb`, with the payload type each is for; RFC 4585 §4.2. */
  readonly feedback: readonly { readonly payloadType: number | '*'; readonly value: string }[];
  /** The m-line's own b= in bit/s: TIAS before AS. */
  readonly bandwidthBps: number | undefined;
  readonly ptimeMs: number | undefined;
  /** Keys of `a=crypto` that can be used, in the peer's order; RFC 4568. */
  readonly crypto: readonly CryptoLine[];
  /** `a=label`, RFC 4574; empty when missing. */
  readonly label: string;
}

export interface ParsedOffer {
  readonly media: readonly OfferedMedia[];
  /** Session id and version of `o=`; the same version again is the same description, RFC 3264 §8. */
  readonly origin: string;
  /** Value of t=; the answer repeats it. */
  readonly timing: string;
  /** Session-level b= in bit/s: all streams together. */
  readonly bandwidthBps: number | undefined;
}

/** What this side can do. */
export interface Capabilities {
  readonly audio: readonly AudioName[];
  readonly video: boolean;
  /** Upper bound of what an endpoint is to send, and is sent where nothing else is said. */
  readonly maxVideoBitrateBps: number;
  /** Upper bound of what it is sent. */
  readonly maxSentBitrateBps?: number;
  /** Of the site; `off` when not said. */
  readonly srtp?: SrtpPolicy;
}

/** Digits as RTP events, RFC 4733. */
export interface DtmfPlan {
  readonly payloadType: number;
  readonly clockRateHz: number;
}

export interface AudioPlan {
  readonly mLineIndex: number;
  readonly codec: AudioName;
  /** What we send with. */
  readonly payloadType: number;
  /** What the peer sends with, where that is another; only after our own offer. */
  readonly receivePayloadType?: number;
  readonly fmtp?: string;
  /** Ours. */
  readonly direction: Direction;
  readonly proto: string;
  readonly remote: MediaAddress;
  readonly ptimeMs?: number;
  /** The peer's key, where the stream is encrypted. */
  readonly crypto?: CryptoLine;
  readonly dtmf?: DtmfPlan;
  /** Coders the peer would rather have had, in words: `G.722.1C`. */
  readonly passedOver: readonly string[];
}

export interface VideoFeedback {
  readonly nackPli: boolean;
  readonly ccmFir: boolean;
  readonly nack: boolean;
  readonly tmmbr: boolean;
}

/** How a key frame is asked of a peer: RFC 4585 §6.3.1, RFC 5104 §4.3.1, RFC 5168. */
export type RefreshMethod = 'pli' | 'fir' | 'info';

export interface VideoPlan {
  readonly mLineIndex: number;
  readonly codec: VideoCodecName;
  /** What we send with. */
  readonly payloadType: number;
  /** What the peer may send this codec with besides; only after our own offer. */
  readonly receivePayloadTypes?: readonly number[];
  /** Of H.264; 0 where it is another. */
  readonly packetizationMode: 0 | 1;
  /** Of H.264 as offered, lower case; `NO_PROFILE` where it is another. */
  readonly profileLevelId: string;
  /** What the endpoint's decoder takes: macroblocks per frame and per second, RFC 6184 §8.1. */
  readonly maxFs: number;
  readonly maxMbps: number;
  /** Frames per second, where the endpoint bounds them by itself. */
  readonly maxFps?: number;
  /** What we send at most: the least of b=, max-br, MaxBR or the level, and our own bound. */
  readonly maxBitrateBps: number;
  /** What we ask it to send at most: the least of b= and our own bound, as its line is as wide both ways. */
  readonly maxReceiveBitrateBps: number;
  /** Ours. */
  readonly direction: Direction;
  readonly proto: string;
  readonly remote: MediaAddress;
  readonly feedback: VideoFeedback;
  readonly refresh: RefreshMethod;
  /** `stream_id` an INFO for a key frame has to name; RFC 5168 §6. */
  readonly refreshStreamId?: string;
  readonly crypto?: CryptoLine;
  readonly levelAsymmetryAllowed: boolean;
  /** RTCP has its own port towards room codecs, whatever they offer. */
  readonly rtcpMux: false;
}

/** What we take of an offer, or the peer took of ours; everything else is refused in its place. */
export interface MediaPlan {
  /** The peer's m-lines in the session's order: its offer, or its answer put beside ours. */
  readonly offer: ParsedOffer;
  readonly audio?: AudioPlan;
  readonly video?: VideoPlan;
  /** Slides that the peer would send and take; refused by the answer until somebody opens them. */
  readonly slides?: VideoPlan;
  /** Ids of the quirks that changed something. */
  readonly quirks: readonly string[];
}

export type PlanResult =
  | { readonly ok: true; readonly plan: MediaPlan }
  | {
      readonly ok: false;
      readonly code: 'sdp-invalid' | 'no-common-codec' | 'no-common-crypto';
      /** For people: goes into the Warning header and the log. */
      readonly reason: string;
    };
