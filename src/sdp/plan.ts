import { isBaseline, readH264 } from './h264.ts';
import { parseOffer } from './parse.ts';
import type {
  AudioName,
  AudioPlan,
  Capabilities,
  Direction,
  OfferedCodec,
  OfferedMedia,
  ParsedOffer,
  PlanResult,
  VideoFeedback,
  VideoPlan,
} from './types.ts';

export const DEFAULT_CAPABILITIES: Capabilities = {
  audio: ['opus', 'g722', 'pcma', 'pcmu'],
  video: true,
  maxVideoBitrateBps: 768_000,
};

/** Profiles we answer; SRTP has its own issue. RFC 3551, RFC 4585. */
const PLAIN_PROTOS = ['RTP/AVP', 'RTP/AVPF'];
/** How each audio coder names itself: rtpmap name, clock rate, channels. */
const AUDIO: Record<AudioName, readonly [clockRateHz: number, channels: number]> = {
  opus: [48_000, 2],
  g722: [8000, 1], // 8000 by historical error, RFC 3551 §4.5.2
  pcma: [8000, 1],
  pcmu: [8000, 1],
};

/**
 * Decides what of an offer is taken: one audio coder, one H.264 payload of the
 * main video; RFC 3264 §6. Any text may come in; it never throws.
 */
export function plan(offerSdp: string, capabilities: Capabilities): PlanResult {
  const offer = parseOffer(offerSdp);
  if (!offer) return { ok: false, code: 'sdp-invalid', reason: 'the body is not SDP' };
  const audio = planAudio(offer, capabilities);
  const video = capabilities.video ? planVideo(offer, capabilities) : undefined;
  if (!audio && !video)
    return { ok: false, code: 'no-common-codec', reason: whatWasOffered(offer) };
  return { ok: true, plan: { offer, ...(audio && { audio }), ...(video && { video }) } };
}

function planAudio(offer: ParsedOffer, capabilities: Capabilities): AudioPlan | undefined {
  for (const [mLineIndex, line] of offer.media.entries()) {
    if (line.kind !== 'audio' || !isTakeable(line)) continue;
    const codec = line.codecs.find(offered =>
      capabilities.audio.some(name => isAudio(offered, name)),
    );
    if (!codec) continue;
    return {
      mLineIndex,
      codec: codec.name as AudioName,
      payloadType: codec.payloadType,
      ...(codec.fmtp && { fmtp: codec.fmtp }),
      direction: opposite(line.direction),
      proto: line.proto,
      remote: line.remote,
      ...(line.ptimeMs !== undefined && { ptimeMs: line.ptimeMs }),
    };
  }
  return undefined;
}

function isAudio(codec: OfferedCodec, name: AudioName): boolean {
  const [clockRateHz, channels] = AUDIO[name];
  return codec.name === name && codec.clockRateHz === clockRateHz && codec.channels <= channels;
}

function planVideo(offer: ParsedOffer, capabilities: Capabilities): VideoPlan | undefined {
  for (const [mLineIndex, line] of offer.media.entries()) {
    if (line.kind !== 'video' || !isMain(line) || !isTakeable(line)) continue;
    const best = bestH264(line);
    if (!best) continue;
    const { payloadType, parameters } = best;
    return {
      mLineIndex,
      payloadType,
      packetizationMode: parameters.packetizationMode === 1 ? 1 : 0,
      profileLevelId: parameters.profileLevelId,
      maxFs: parameters.maxFs,
      maxMbps: parameters.maxMbps,
      maxBitrateBps: Math.min(
        capabilities.maxVideoBitrateBps,
        parameters.maxBitrateBps,
        line.bandwidthBps ?? Number.POSITIVE_INFINITY,
        offer.bandwidthBps ?? Number.POSITIVE_INFINITY,
      ),
      direction: opposite(line.direction),
      proto: line.proto,
      remote: line.remote,
      feedback: readFeedback(line, payloadType),
      levelAsymmetryAllowed: parameters.levelAsymmetryAllowed,
    };
  }
  return undefined;
}

/** Slides never take the camera's place: only an unmarked or a `main` line is the camera; RFC 4796 §5. */
function isMain(line: OfferedMedia): boolean {
  return line.content.length === 0 || line.content.includes('main');
}

function isTakeable(line: OfferedMedia): boolean {
  return line.port > 0 && PLAIN_PROTOS.includes(line.proto) && line.remote.host !== '';
}

/** Baseline before other profiles, mode 1 before mode 0, then the peer's order; mode 2 is nobody's. */
function bestH264(line: OfferedMedia) {
  const candidates = line.codecs
    .filter(codec => codec.name === 'h264' && codec.clockRateHz === 90_000)
    .map(codec => ({ payloadType: codec.payloadType, parameters: readH264(codec.fmtp) }))
    .filter(({ parameters }) => parameters.packetizationMode !== 2);
  const rank = ({ parameters }: (typeof candidates)[number]) =>
    (isBaseline(parameters) ? 0 : 2) + (parameters.packetizationMode === 1 ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0];
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

/** RFC 3264 §6.1. */
function opposite(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly';
  return direction === 'recvonly' ? 'sendonly' : direction;
}

function whatWasOffered(offer: ParsedOffer): string {
  const lines = offer.media.map(line => {
    const names = [...new Set(line.codecs.map(codec => codec.name))].slice(0, 8).join(' ');
    return `${line.kind.slice(0, 20)} ${line.proto.slice(0, 20)} ${names || '-'}`;
  });
  return `nothing in common; offered: ${lines.slice(0, 6).join('; ')}`.slice(0, 300);
}
