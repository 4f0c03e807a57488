import type { CryptoLine } from './crypto.ts';
import { both, opposite } from './direction.ts';
import { readH263 } from './h263.ts';
import { type H264Parameters, isBaseline, isCommonProfile, readH264, saysProfile } from './h264.ts';
import type { DecoderLimits } from './picture.ts';
import type { QuirkBook } from './quirks.ts';
import type {
  Direction,
  OfferedCodec,
  OfferedMedia,
  RefreshMethod,
  VideoFeedback,
  VideoPlan,
} from './types.ts';
import { videoCodecOf } from './video-codec.ts';

export interface VideoTerms {
  /** What the whole session may take, less what sound takes. */
  readonly sessionBps: number | undefined;
  /** What we ask for at most. */
  readonly oursBps: number;
  /** What we send at most. */
  readonly oursSentBps: number;
  readonly crypto: CryptoLine | undefined;
  readonly quirks: QuirkBook;
}

/** Takes a line for the picture, or does not. */
export type VideoPlanner = (
  mLineIndex: number,
  line: OfferedMedia,
  terms: VideoTerms,
) => VideoPlan | undefined;

/** Where there is no H.264. */
export const NO_PROFILE = '000000';

/** The best H.264 payload of one m-line, with what its decoder takes and what its line carries. */
export const planH264: VideoPlanner = (mLineIndex, line, terms) => {
  const best = bestH264(readH264Payloads(line, terms.quirks));
  return best && describeVideo(mLineIndex, line, h264Payload(best), terms);
};

/** The first H.263 payload of one m-line, else the first H.261, which we do not send. */
export const planOlderVideo: VideoPlanner = (mLineIndex, line, terms) => {
  const payloads = line.codecs.map(olderPayload).filter(payload => payload !== undefined);
  const best = payloads.find(({ codec }) => codec !== 'h261') ?? payloads[0];
  return best && describeVideo(mLineIndex, line, best, terms);
};

/** H.264 wherever there is some; then what older devices have. */
export const planVideo: VideoPlanner = (mLineIndex, line, terms) =>
  planH264(mLineIndex, line, terms) ?? planOlderVideo(mLineIndex, line, terms);

/** What is left of a direction when the picture is of this codec. */
export function directionOf(codec: VideoPlan['codec'], direction: Direction): Direction {
  return codec === 'h261' ? both(direction, 'recvonly') : direction;
}

/** One payload with what it says. */
interface VideoPayload
  extends Pick<
    VideoPlan,
    'payloadType' | 'codec' | 'packetizationMode' | 'profileLevelId' | 'levelAsymmetryAllowed'
  > {
  readonly limits: DecoderLimits;
}

function describeVideo(
  mLineIndex: number,
  line: OfferedMedia,
  { limits, ...payload }: VideoPayload,
  { sessionBps, oursBps, oursSentBps, crypto, quirks }: VideoTerms,
): VideoPlan {
  const feedback = readFeedback(line, payload.payloadType);
  return {
    mLineIndex,
    ...payload,
    ...pictureLimits(limits, quirks),
    maxBitrateBps: leastOf(oursSentBps, line.bandwidthBps, sessionBps, limits.maxBitrateBps),
    maxReceiveBitrateBps: leastOf(oursBps, line.bandwidthBps, sessionBps),
    direction: directionOf(payload.codec, opposite(line.direction)),
    proto: line.proto,
    remote: line.remote,
    feedback,
    ...refresh(line, feedback, quirks),
    ...(crypto && { crypto }),
    rtcpMux: false,
  };
}

/** Slides never take the camera's place: only an unmarked or a `main` line is the camera; RFC 4796 §5. */
export function isMainVideo(line: OfferedMedia): boolean {
  return line.kind === 'video' && (line.content.length === 0 || line.content.includes('main'));
}

export function isSlides(line: OfferedMedia): boolean {
  return line.kind === 'video' && line.content.includes('slides');
}

/** One H.264 payload with what it says. */
interface H264Payload {
  readonly payloadType: number;
  readonly parameters: H264Parameters;
}

/** The H.264 payloads of a line that we decode: modes 0 and 1 of the common profiles. */
function readH264Payloads(line: OfferedMedia, quirks: QuirkBook): H264Payload[] {
  return line.codecs
    .filter(codec => videoCodecOf(codec) === 'h264')
    .map(codec => ({ payloadType: codec.payloadType, parameters: readParameters(codec, quirks) }))
    .filter(({ parameters }) => parameters.packetizationMode !== 2 && isCommonProfile(parameters));
}

function readParameters({ fmtp }: OfferedCodec, quirks: QuirkBook): H264Parameters {
  return readH264(fmtp, saysProfile(fmtp) ? undefined : quirks.use('unsaid-h264')?.profileLevelId);
}

/** Baseline before other profiles, mode 1 before mode 0, then the peer's order. */
function bestH264(candidates: readonly H264Payload[]): H264Payload | undefined {
  const rank = ({ parameters }: H264Payload) =>
    (isBaseline(parameters) ? 0 : 2) + (parameters.packetizationMode === 1 ? 0 : 1);
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0];
}

function h264Payload({ payloadType, parameters }: H264Payload): VideoPayload {
  return {
    payloadType,
    codec: 'h264',
    packetizationMode: parameters.packetizationMode === 1 ? 1 : 0,
    profileLevelId: parameters.profileLevelId,
    levelAsymmetryAllowed: parameters.levelAsymmetryAllowed,
    limits: parameters,
  };
}

function olderPayload(offered: OfferedCodec): VideoPayload | undefined {
  const codec = videoCodecOf(offered);
  if (codec === undefined || codec === 'h264') return undefined;
  return {
    payloadType: offered.payloadType,
    codec,
    packetizationMode: 0,
    profileLevelId: NO_PROFILE,
    levelAsymmetryAllowed: false,
    limits: readH263(offered.fmtp),
  };
}

function pictureLimits(
  parameters: DecoderLimits,
  quirks: QuirkBook,
): Pick<VideoPlan, 'maxFs' | 'maxMbps' | 'maxFps'> {
  const atMost = quirks.use('picture-at-most');
  const rates = [parameters.maxFps, atMost?.maxFps].filter(rate => rate !== undefined);
  return {
    maxFs: leastOf(parameters.maxFs, atMost?.maxFs),
    maxMbps: leastOf(parameters.maxMbps, atMost?.maxMbps),
    ...(rates.length > 0 && { maxFps: Math.min(...rates) }),
  };
}

function refresh(
  line: OfferedMedia,
  feedback: VideoFeedback,
  quirks: QuirkBook,
): Pick<VideoPlan, 'refresh' | 'refreshStreamId'> {
  const method = quirks.use('refresh-by')?.method ?? refreshMethod(feedback);
  const named = line.label !== '' && quirks.use('refresh-names-label');
  return { refresh: method, ...(named && { refreshStreamId: line.label }) };
}

/** PLI before FIR, which is for more than losses; nothing listed: INFO. RFC 5104 §4.3.1.2, RFC 5168. */
function refreshMethod({ nackPli, ccmFir }: VideoFeedback): RefreshMethod {
  if (nackPli) return 'pli';
  return ccmFir ? 'fir' : 'info';
}

function leastOf(bound: number, ...others: readonly (number | undefined)[]): number {
  return Math.min(bound, ...others.filter(value => value !== undefined));
}

function readFeedback(line: OfferedMedia, payloadType: number): VideoFeedback {
  const has = (value: string) =>
    line.feedback.some(
      fb => fb.value === value && (fb.payloadType === '*' || fb.payloadType === payloadType),
    );
  return {
    nackPli: has('nack pli'),
    ccmFir: has('ccm fir'),
    nack: has('nack'),
    tmmbr: has('ccm tmmbr'),
  };
}
