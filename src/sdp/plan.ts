import { planAudio } from './audio.ts';
import { parseOffer } from './parse.ts';
import type {
  AudioPlan,
  Capabilities,
  OfferedMedia,
  ParsedOffer,
  PlanResult,
  VideoPlan,
} from './types.ts';
import { isMainVideo, planVideo } from './video.ts';

export const DEFAULT_CAPABILITIES: Capabilities = {
  audio: ['opus', 'g722', 'pcma', 'pcmu'],
  video: true,
  maxVideoBitrateBps: 768_000,
};

/** Profiles we answer; SRTP has its own issue. RFC 3551, RFC 4585. */
const PLAIN_PROTOS = ['RTP/AVP', 'RTP/AVPF'];
const MAX_PORT = 65_535;

/**
 * Decides what of an offer is taken: one audio coder, one H.264 payload of the
 * main video; RFC 3264 §6. Any text may come in; it never throws.
 */
export function plan(offerSdp: string, capabilities: Capabilities): PlanResult {
  const offer = parseOffer(offerSdp);
  if (!offer) return { ok: false, code: 'sdp-invalid', reason: 'the body is not SDP' };
  const audio = firstAudio(offer, capabilities);
  const video = capabilities.video ? firstVideo(offer, capabilities) : undefined;
  if (!audio && !video)
    return { ok: false, code: 'no-common-codec', reason: whatWasOffered(offer) };
  return { ok: true, plan: { offer, ...(audio && { audio }), ...(video && { video }) } };
}

/** Of several lines of a kind the first that can be taken: a secure one may stand beside a plain one. */
function firstAudio(offer: ParsedOffer, { audio }: Capabilities): AudioPlan | undefined {
  for (const [index, line] of offer.media.entries()) {
    if (line.kind !== 'audio' || !isTakeable(line)) continue;
    const planned = planAudio(index, line, audio);
    if (planned) return planned;
  }
  return undefined;
}

function firstVideo(offer: ParsedOffer, capabilities: Capabilities): VideoPlan | undefined {
  const limits = { sessionBps: offer.bandwidthBps, oursBps: capabilities.maxVideoBitrateBps };
  for (const [index, line] of offer.media.entries()) {
    if (!isMainVideo(line) || !isTakeable(line)) continue;
    const planned = planVideo(index, line, limits);
    if (planned) return planned;
  }
  return undefined;
}

/** An open line of a plain profile with an address to send to; names are not looked up. */
function isTakeable({ port, proto, remote }: OfferedMedia): boolean {
  const reachable = remote.host !== '' && remote.rtcpPort <= MAX_PORT;
  return port > 0 && reachable && PLAIN_PROTOS.includes(proto);
}

const MAX_REASON_CHARS = 300;

function whatWasOffered(offer: ParsedOffer): string {
  const lines = offer.media.slice(0, 6).map(({ kind, port, proto, codecs }) => {
    const names = [...new Set(codecs.map(codec => codec.name.slice(0, 20)))].slice(0, 8);
    const closed = port === 0 ? ' (port 0)' : '';
    return `${kind.slice(0, 20)} ${proto.slice(0, 20)}${closed} ${names.join(' ') || '-'}`;
  });
  return `nothing in common; offered: ${lines.join('; ')}`.slice(0, MAX_REASON_CHARS);
}
