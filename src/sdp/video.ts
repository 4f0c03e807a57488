import { opposite } from './direction.ts';
import { isBaseline, isCommonProfile, readH264 } from './h264.ts';
import type { OfferedMedia, VideoFeedback, VideoPlan } from './types.ts';

/** The best H.264 payload of one m-line, with what its decoder takes and what its line carries. */
export function planVideo(
  mLineIndex: number,
  line: OfferedMedia,
  limits: { readonly sessionBps: number | undefined; readonly oursBps: number },
): VideoPlan | undefined {
  const best = bestH264(line);
  if (!best) return undefined;
  const { payloadType, parameters } = best;
  const lineBps = leastOf(limits.oursBps, line.bandwidthBps, limits.sessionBps);
  return {
    mLineIndex,
    payloadType,
    packetizationMode: parameters.packetizationMode === 1 ? 1 : 0,
    profileLevelId: parameters.profileLevelId,
    maxFs: parameters.maxFs,
    maxMbps: parameters.maxMbps,
    maxBitrateBps: leastOf(lineBps, parameters.maxBitrateBps),
    maxReceiveBitrateBps: lineBps,
    direction: opposite(line.direction),
    proto: line.proto,
    remote: line.remote,
    feedback: readFeedback(line, payloadType),
    levelAsymmetryAllowed: parameters.levelAsymmetryAllowed,
    rtcpMux: false,
  };
}

/** Slides never take the camera's place: only an unmarked or a `main` line is the camera; RFC 4796 §5. */
export function isMainVideo(line: OfferedMedia): boolean {
  return line.kind === 'video' && (line.content.length === 0 || line.content.includes('main'));
}

/** Baseline before other profiles, mode 1 before mode 0, then the peer's order; mode 2 is nobody's. */
function bestH264(line: OfferedMedia) {
  const candidates = line.codecs
    .filter(codec => codec.name === 'h264' && codec.clockRateHz === 90_000)
    .map(codec => ({ payloadType: codec.payloadType, parameters: readH264(codec.fmtp) }))
    .filter(({ parameters }) => parameters.packetizationMode !== 2 && isCommonProfile(parameters));
  const rank = ({ parameters }: (typeof candidates)[number]) =>
    (isBaseline(parameters) ? 0 : 2) + (parameters.packetizationMode === 1 ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0];
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
