/** What rtpengine is told for each kind of offer and answer; keys are the ng protocol's own. */
import type { AudioName } from '../sdp/types.ts';
import type { NgOptions } from './ng-client.ts';

/** Names of rtpengine's interfaces: towards endpoints and browsers, towards the other engines. */
const EXTERNAL = 'ext';
const INTERNAL = 'int';

/** How rtpengine calls each coder. */
const CODEC_NAMES: Record<AudioName, string> = {
  opus: 'opus',
  g722: 'G722',
  pcma: 'PCMA',
  pcmu: 'PCMU',
};
/** Coders that are masked from the inner side when it speaks another. */
const MASKED: readonly AudioName[] = ['g722', 'pcma', 'pcmu', 'opus'];

/** Names the endpoint's side of a leg. */
export const ENDPOINT_TAG = 'endpoint';
const LEG_TAGS = { 'from-tag': ENDPOINT_TAG, 'to-tag': 'inside' } as const;
const FEED_TAGS = { 'from-tag': 'stage', 'to-tag': 'room' } as const;

/** Plain RTP inside, no ICE, RTCP on a port of its own. */
const PLAIN = {
  ICE: 'remove',
  'transport-protocol': 'RTP/AVP',
  'rtcp-mux': ['demux'],
  replace: ['origin'],
} as const;

/** An endpoint's streams, from outside to inside; its real address is latched on to. */
export function legOffer(
  callId: string,
  sdp: string,
  transcodeTo: AudioName | undefined,
): NgOptions {
  return {
    ...PLAIN,
    'call-id': callId,
    'from-tag': ENDPOINT_TAG,
    direction: [EXTERNAL, INTERNAL],
    sdp,
    ...(transcodeTo && { codec: transcoding(transcodeTo) }),
  };
}

function transcoding(to: AudioName) {
  const mask = MASKED.filter(name => name !== to).map(name => CODEC_NAMES[name]);
  return { mask, transcode: [CODEC_NAMES[to]] };
}

/** Without the profile: it would be that of the endpoint's side, which is encrypted where it asked for it. */
export function legAnswer(callId: string, sdp: string): NgOptions {
  const { 'transport-protocol': _, ...rest } = PLAIN;
  return { ...rest, 'call-id': callId, ...LEG_TAGS, sdp };
}

/** A feed of the stage, from inside to the room server, which wants ICE, DTLS-SRTP and one port. */
export function feedOffer(callId: string, sdp: string): NgOptions {
  return {
    'call-id': callId,
    'from-tag': FEED_TAGS['from-tag'],
    direction: [INTERNAL, EXTERNAL],
    ICE: 'force',
    'transport-protocol': 'UDP/TLS/RTP/SAVPF',
    'rtcp-mux': ['offer', 'require'],
    flags: ['SDES-off', 'generate-mid'],
    replace: ['origin'],
    sdp,
  };
}

export function feedAnswer(callId: string, sdp: string): NgOptions {
  return { ...PLAIN, 'call-id': callId, ...FEED_TAGS, sdp };
}

const COPY_TAG = 'copy';

/** Asks for a copy of what the endpoint sends; its codec cannot be changed on the way. */
export function copyRequest(callId: string): NgOptions {
  const { ICE, 'transport-protocol': protocol, 'rtcp-mux': rtcpMux } = PLAIN;
  return {
    'call-id': callId,
    'from-tag': ENDPOINT_TAG,
    'to-tag': COPY_TAG,
    interface: INTERNAL,
    ICE,
    'transport-protocol': protocol,
    'rtcp-mux': rtcpMux,
  };
}

export function copyAnswer(callId: string, sdp: string): NgOptions {
  return { 'call-id': callId, 'to-tag': COPY_TAG, sdp };
}

/** The feed's call-id, beside the leg's. */
export function feedId(callId: string): string {
  return `${callId}-feed`;
}
