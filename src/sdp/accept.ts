import { coderOf, planAudio } from './audio.ts';
import type { CryptoLine } from './crypto.ts';
import { both } from './direction.ts';
import { saysProfile } from './h264.ts';
import { type MatchedLine, matchLines } from './match-lines.ts';
import { parseOffer } from './parse.ts';
import { isOpen, videoShare, whatWasOffered } from './plan.ts';
import { isRtpProfile, isSecureProfile, type Security, type SrtpPolicy } from './profile.ts';
import { type Quirk, QuirkBook } from './quirks.ts';
import type {
  AudioName,
  AudioPlan,
  MediaPlan,
  OfferedCodec,
  OfferedMedia,
  ParsedOffer,
  PlanResult,
  VideoPlan,
} from './types.ts';
import { planVideo } from './video.ts';
import { videoCodecOf } from './video-codec.ts';

const AUDIO_NAMES: readonly AudioName[] = ['opus', 'g722', 'pcma', 'pcmu'];

/**
 * Reads a peer's answer to an offer of ours. Lines out of order, too few or too
 * many, payload types never offered, and numbers of the peer's own are put right
 * where it is clear what is meant. Any text may come in; it never throws.
 *
 * @param offerSdp as `offer` wrote it
 * @param quirks of the device, from `quirksOf(userAgent)`
 * @param srtp the site's policy: where SRTP is required a session that was encrypted under
 *   RTP/AVP must not fall back
 * @param maxSentBitrateBps of the picture; as much as we offered to take when not said
 */
export function accept(
  offerSdp: string,
  answerSdp: string,
  quirks: readonly Quirk[] = [],
  srtp: SrtpPolicy = 'best-effort',
  maxSentBitrateBps?: number,
): PlanResult {
  const [ours, answer] = [parseOffer(offerSdp), parseOffer(answerSdp)];
  if (!ours) return { ok: false, code: 'sdp-invalid', reason: 'our own offer is not SDP' };
  if (!answer) return { ok: false, code: 'sdp-invalid', reason: 'the answer is not SDP' };
  const pairs = matchLines(ours.media, answer.media).map((line, index) =>
    pairOf(line, index, srtp),
  );
  const theirs = { ...answer, media: pairs.map(pair => pair.theirs) };
  const plan = planPairs(pairs, theirs, quirks, maxSentBitrateBps);
  if (plan.audio || plan.video) return { ok: true, plan };
  const isCrypto = pairs.some(pair => pair.isOpen && !pair.security);
  return {
    ok: false,
    code: isCrypto ? 'no-common-crypto' : 'no-common-codec',
    reason: `nothing usable in the answer: ${whatWasOffered(theirs)}`.slice(0, MAX_REASON_CHARS),
  };
}

const MAX_REASON_CHARS = 300;

interface Pair extends MatchedLine {
  readonly index: number;
  /** Offered and taken. */
  readonly isOpen: boolean;
  /** Undefined: a key is missing that has to be there. */
  readonly security: Security | undefined;
}

function pairOf({ ours, theirs }: MatchedLine, index: number, srtp: SrtpPolicy): Pair {
  const isTaken = ours.port > 0 && isOpen(theirs) && isRtpProfile(theirs.proto);
  return {
    index,
    ours,
    theirs: isTaken ? { ...theirs, codecs: withNames(theirs, ours) } : theirs,
    isOpen: isTaken,
    security: answeredSecurity(ours, theirs, srtp),
  };
}

function planPairs(
  pairs: readonly Pair[],
  theirs: ParsedOffer,
  rows: readonly Quirk[],
  maxSentBitrateBps: number | undefined,
): MediaPlan {
  const quirks = new QuirkBook(rows);
  const audio = firstOf(pairs, 'audio', acceptAudio);
  const sessionBps = videoShare(theirs, audio);
  const video = firstOf(pairs, 'video', (pair, security) =>
    acceptVideo(pair, security, { sessionBps, maxSentBitrateBps, quirks }),
  );
  return { offer: theirs, ...(audio && { audio }), ...(video && { video }), quirks: quirks.used };
}

function firstOf<T>(
  pairs: readonly Pair[],
  kind: string,
  take: (pair: Pair, security: Security) => T | undefined,
): T | undefined {
  for (const pair of pairs) {
    if (pair.ours.kind !== kind || !pair.isOpen || !pair.security) continue;
    const taken = take(pair, pair.security);
    if (taken) return taken;
  }
  return undefined;
}

/** A key of a suite we offered, under our tag; in the clear only where nobody says otherwise. */
function answeredSecurity(
  ours: OfferedMedia,
  theirs: OfferedMedia,
  srtp: SrtpPolicy,
): Security | undefined {
  const chosen = theirs.crypto.map(line => underOurTag(line, ours.crypto)).find(Boolean);
  if (chosen) return { crypto: chosen };
  const needsKey =
    srtp === 'required' || isSecureProfile(ours.proto) || isSecureProfile(theirs.proto);
  return needsKey ? undefined : { crypto: undefined };
}

/** The relay knows its key by the tag it offered; some devices answer with one of their own. */
function underOurTag(line: CryptoLine, offered: readonly CryptoLine[]): CryptoLine | undefined {
  const same = offered.filter(({ suite }) => suite === line.suite);
  const ours = same.find(({ tag }) => tag === line.tag) ?? same[0];
  return ours && { ...line, tag: ours.tag };
}

/** A number of ours without a name is what we said it is; RFC 3264 §6.1. */
function withNames(theirs: OfferedMedia, ours: OfferedMedia): OfferedCodec[] {
  return theirs.formats
    .split(' ')
    .filter(text => /^\d{1,3}$/.test(text))
    .map(text => {
      const isIt = ({ payloadType }: OfferedCodec) => payloadType === Number(text);
      return theirs.codecs.find(isIt) ?? ours.codecs.find(isIt);
    })
    .filter(codec => codec !== undefined);
}

function acceptAudio({ index, ours, theirs }: Pair, { crypto }: Security): AudioPlan | undefined {
  const offered = AUDIO_NAMES.filter(name => ours.codecs.some(codec => coderOf(codec, [name])));
  const plan = planAudio(index, theirs, offered, crypto);
  if (!plan) return undefined;
  const { payloadType } = ours.codecs.find(codec => coderOf(codec, [plan.codec])) ?? plan;
  return {
    ...plan,
    ...(payloadType !== plan.payloadType && { receivePayloadType: payloadType }),
    direction: both(plan.direction, ours.direction),
    passedOver: [],
  };
}

function acceptVideo(
  { index, ours, theirs }: Pair,
  { crypto }: Security,
  terms: {
    readonly sessionBps: number | undefined;
    readonly maxSentBitrateBps: number | undefined;
    readonly quirks: QuirkBook;
  },
): VideoPlan | undefined {
  const { quirks } = terms;
  const oursBps = ours.bandwidthBps ?? Number.MAX_SAFE_INTEGER;
  const offered = new Set(ours.codecs.map(videoCodecOf));
  const codecs = theirs.codecs
    .filter(codec => offered.has(videoCodecOf(codec)))
    .map(codec => withProfile(codec, ours, quirks));
  const oursSentBps = terms.maxSentBitrateBps ?? oursBps;
  const bounds = { ...terms, oursBps, oursSentBps, crypto };
  const plan = planVideo(index, { ...theirs, codecs }, bounds);
  if (!plan) return undefined;
  const same = ours.codecs.filter(codec => videoCodecOf(codec) === plan.codec);
  const numbers = new Set(same.map(({ payloadType }) => payloadType));
  numbers.delete(plan.payloadType);
  return {
    ...plan,
    receivePayloadTypes: [...numbers],
    direction: both(plan.direction, ours.direction),
  };
}

/** An answer has to keep the offered profile, so one that says nothing means it; RFC 6184 §8.2.2. */
function withProfile(codec: OfferedCodec, ours: OfferedMedia, quirks: QuirkBook): OfferedCodec {
  if (codec.name !== 'h264' || saysProfile(codec.fmtp)) return codec;
  if (quirks.use('unsaid-h264')) return codec;
  const offered = ours.codecs.find(({ fmtp }) => saysProfile(fmtp))?.fmtp ?? '';
  const [profile = ''] = /profile-level-id=[0-9a-f]{6}/i.exec(offered) ?? [];
  return { ...codec, fmtp: `${codec.fmtp};${profile}` };
}
