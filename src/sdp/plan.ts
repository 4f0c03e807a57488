import { coderInWords, planAudio } from './audio.ts';
import { parseOffer } from './parse.ts';
import { isRtpProfile, type Security, type SrtpPolicy, securityOf } from './profile.ts';
import { type Quirk, QuirkBook } from './quirks.ts';
import type {
  AudioPlan,
  Capabilities,
  MediaPlan,
  OfferedMedia,
  ParsedOffer,
  PlanResult,
  VideoPlan,
} from './types.ts';
import {
  isMainVideo,
  isSlides,
  planH264,
  planOlderVideo,
  planVideo,
  type VideoPlanner,
} from './video.ts';

export const DEFAULT_CAPABILITIES: Capabilities = {
  audio: ['opus', 'g722', 'pcma', 'pcmu'],
  video: true,
  maxVideoBitrateBps: 768_000,
};

const MAX_PORT = 65_535;
/** What sound may take of a session's bandwidth: G.711 and G.722; RFC 3551 §4.5. */
const AUDIO_SHARE_BPS = 64_000;

/**
 * Decides what of an offer is taken: one audio coder, one payload of the main
 * video; RFC 3264 §6. Any text may come in; it never throws.
 *
 * @param quirks of the device, from `quirksOf(userAgent)`
 */
export function plan(
  offerSdp: string,
  capabilities: Capabilities,
  quirks: readonly Quirk[] = [],
): PlanResult {
  const offer = parseOffer(offerSdp);
  if (!offer) return { ok: false, code: 'sdp-invalid', reason: 'the body is not SDP' };
  const planned = planLines(offer, capabilities, quirks);
  if (planned.audio || planned.video) return { ok: true, plan: planned };
  return refusal(offer, capabilities);
}

function planLines(
  offer: ParsedOffer,
  capabilities: Capabilities,
  rows: readonly Quirk[],
): MediaPlan {
  const quirks = new QuirkBook(rows);
  const policy = capabilities.srtp ?? 'off';
  const audio = firstTaken(
    offer,
    policy,
    line => line.kind === 'audio',
    (index, line, { crypto }) => planAudio(index, line, capabilities.audio, crypto),
  );
  const oursBps = capabilities.maxVideoBitrateBps;
  const oursSentBps = capabilities.maxSentBitrateBps ?? oursBps;
  const sessionBps = videoShare(offer, audio);
  const firstPlanned = (isWanted: (line: OfferedMedia) => boolean, planner: VideoPlanner) =>
    firstTaken(offer, policy, isWanted, (index, line, { crypto }) =>
      planner(index, line, { sessionBps, oursBps, oursSentBps, crypto, quirks }),
    );
  const videoOf = (isWanted: (line: OfferedMedia) => boolean): VideoPlan | undefined =>
    firstPlanned(isWanted, planH264) ?? firstPlanned(isWanted, planOlderVideo);
  const video = capabilities.video ? videoOf(isMainVideo) : undefined;
  const slides = video && videoOf(isSlides);
  return {
    offer,
    ...(audio && { audio }),
    ...(video && { video }),
    ...(slides && { slides }),
    quirks: quirks.used,
  };
}

/**
 * Of several lines of a kind an encrypted one before a plain one, then the
 * first that can be taken: they stand side by side where SRTP is best effort.
 */
function firstTaken<T>(
  offer: ParsedOffer,
  policy: SrtpPolicy,
  isWanted: (line: OfferedMedia) => boolean,
  take: (index: number, line: OfferedMedia, security: Security) => T | undefined,
): T | undefined {
  const candidates = offer.media
    .map((line, index) => ({ line, index, security: securityOf(line, policy) }))
    .filter(({ line }) => isWanted(line) && isOpen(line))
    .toSorted((a, b) => Number(!a.security?.crypto) - Number(!b.security?.crypto));
  for (const { line, index, security } of candidates) {
    const taken = security && take(index, line, security);
    if (taken) return taken;
  }
  return undefined;
}

/** An open line with an address to send to; names are not looked up. */
export function isOpen({ port, remote }: OfferedMedia): boolean {
  return port > 0 && remote.host !== '' && remote.rtcpPort <= MAX_PORT;
}

/** b= of the session is for all streams; at least half of it stays for the picture. */
export function videoShare(
  { bandwidthBps }: ParsedOffer,
  audio: AudioPlan | undefined,
): number | undefined {
  if (bandwidthBps === undefined || !audio) return bandwidthBps;
  return Math.max(bandwidthBps - AUDIO_SHARE_BPS, Math.floor(bandwidthBps / 2));
}

function refusal(offer: ParsedOffer, capabilities: Capabilities): PlanResult {
  const offered = whatWasOffered(offer);
  if (offer.media.some((line, index) => isOnlyInsecure(line, index, capabilities)))
    return {
      ok: false,
      code: 'no-common-crypto',
      reason: `no encryption in common; offered: ${offered}`.slice(0, MAX_REASON_CHARS),
    };
  return {
    ok: false,
    code: 'no-common-codec',
    reason: `nothing in common; offered: ${offered}`.slice(0, MAX_REASON_CHARS),
  };
}

/** A line that another policy, or another key, would have let in. */
function isOnlyInsecure(line: OfferedMedia, index: number, capabilities: Capabilities): boolean {
  if (!isOpen(line) || !isRtpProfile(line.proto)) return false;
  if (line.kind === 'audio')
    return planAudio(index, line, capabilities.audio, undefined) !== undefined;
  const quirks = new QuirkBook([]);
  const terms = { sessionBps: undefined, oursBps: 0, oursSentBps: 0, crypto: undefined, quirks };
  return capabilities.video && isMainVideo(line) && planVideo(index, line, terms) !== undefined;
}

const MAX_REASON_CHARS = 300;

/** The lines of an SDP in a sentence for people. */
export function whatWasOffered(offer: ParsedOffer): string {
  const lines = offer.media.slice(0, 6).map(({ kind, port, proto, codecs }) => {
    const names = [...new Set(codecs.map(coderInWords))].slice(0, 8);
    const closed = port === 0 ? ' (port 0)' : '';
    return `${kind.slice(0, 20)} ${proto.slice(0, 20)}${closed} ${names.join(' ') || '-'}`;
  });
  return lines.join('; ');
}
