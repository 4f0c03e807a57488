/** SDP between us and the media relay: small, made by us, never seen by an endpoint. */
import { parse as parseSdp, type SessionDescription } from 'sdp-transform';
import { rtpmapOf } from './audio.ts';
import { opposite } from './direction.ts';
import { tidySdp } from './tidy.ts';
import type { AudioName, Direction, MediaAddress, MediaPlan } from './types.ts';

/** Only the accepted streams of an offer, audio first, for the relay. */
export function relayOffer(plan: MediaPlan): string {
  const { audio, video } = plan;
  const lines = header(audio?.remote.host ?? video?.remote.host ?? '0.0.0.0', '1');
  if (audio) {
    const { payloadType, codec, fmtp } = audio;
    lines.push(
      ...media('audio', audio.remote, audio.proto, payloadType),
      `a=rtpmap:${payloadType} ${rtpmapOf(codec)}`,
      ...(codec === 'opus' && fmtp ? [`a=fmtp:${payloadType} ${fmtp}`] : []),
      `a=${opposite(audio.direction)}`,
    );
  }
  if (video) {
    const { payloadType, profileLevelId, packetizationMode } = video;
    lines.push(
      ...media('video', video.remote, video.proto, payloadType),
      ...h264Lines(payloadType, profileLevelId, packetizationMode),
      `a=${opposite(video.direction)}`,
    );
  }
  return join(lines);
}

/** One stream of an SDP that the relay gave back. */
export interface RelayedStream extends MediaAddress {
  readonly payloadType: number;
  readonly ssrc?: number;
}

/** Addresses per medium in an SDP of the relay; undefined when it is not SDP. Never throws. */
export function readRelaySdp(
  sdp: string,
): { readonly audio?: RelayedStream; readonly video?: RelayedStream } | undefined {
  try {
    const session = parseSdp(tidySdp(sdp));
    if (session.media.length === 0) return undefined;
    const audio = readStream('audio', session);
    const video = readStream('video', session);
    return { ...(audio && { audio }), ...(video && { video }) };
  } catch {
    return undefined; // the parser's own limits: not SDP as far as we are concerned
  }
}

/** The first open stream of a kind that has an address and a payload type. */
function readStream(kind: string, session: SessionDescription): RelayedStream | undefined {
  const line = session.media.find(({ type, port }) => type === kind && port > 0);
  const host = String(line?.connection?.ip ?? session.connection?.ip ?? '');
  const payloadType = Number.parseInt(String(line?.payloads ?? ''), 10);
  if (!line || host === '' || Number.isNaN(payloadType)) return undefined;
  const ssrc = Number(line.ssrcs?.[0]?.id);
  return {
    host,
    rtpPort: line.port,
    rtcpPort: line.rtcp?.port ?? (line.rtcpMux ? line.port : line.port + 1),
    payloadType,
    ...(Number.isInteger(ssrc) && { ssrc }),
  };
}

export interface InnerParts {
  readonly sessionId: string;
  readonly audio?: MediaAddress & {
    readonly payloadType: number;
    readonly codec: AudioName;
    readonly direction: Direction;
  };
  readonly video?: MediaAddress & {
    readonly payloadType: number;
    readonly packetizationMode: 0 | 1;
    readonly profileLevelId: string;
    readonly direction: Direction;
  };
}

/** Our inner side's answer to the relay: the room server for audio, the stage for video. */
export function innerSdp({ sessionId, audio, video }: InnerParts): string {
  const lines = header(audio?.host ?? video?.host ?? '0.0.0.0', sessionId);
  if (audio)
    lines.push(
      ...media('audio', audio, 'RTP/AVP', audio.payloadType),
      `a=rtpmap:${audio.payloadType} ${rtpmapOf(audio.codec)}`,
      `a=${audio.direction}`,
    );
  if (video)
    lines.push(
      ...media('video', video, 'RTP/AVP', video.payloadType),
      ...h264Lines(video.payloadType, video.profileLevelId, video.packetizationMode),
      `a=${video.direction}`,
    );
  return join(lines);
}

export interface FeedDescription extends MediaAddress {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly cname: string;
  readonly sessionId: string;
  readonly profileLevelId: string;
}

/**
 * Offer of one H.264 feed with a fixed SSRC, which the relay gives ICE and DTLS.
 * The SSRC must be named: the room server drops packets of any other.
 */
export function feedOffer(feed: FeedDescription): string {
  const { payloadType, ssrc, cname } = feed;
  return join([
    ...header(feed.host, feed.sessionId),
    ...media('video', feed, 'RTP/AVP', payloadType),
    ...h264Lines(payloadType, feed.profileLevelId, 1),
    `a=rtcp-fb:${payloadType} nack pli`,
    `a=rtcp-fb:${payloadType} ccm fir`,
    `a=ssrc:${ssrc} cname:${cname}`,
    'a=sendonly',
  ]);
}

function header(host: string, sessionId: string): string[] {
  return ['v=0', `o=diemcau ${sessionId} 1 IN ${family(host)} ${host}`, 's=-', 't=0 0'];
}

function media(kind: string, at: MediaAddress, proto: string, payloadType: number): string[] {
  return [
    `m=${kind} ${at.rtpPort} ${proto} ${payloadType}`,
    `c=IN ${family(at.host)} ${at.host}`,
    `a=rtcp:${at.rtcpPort}`,
  ];
}

function h264Lines(payloadType: number, profileLevelId: string, mode: 0 | 1): string[] {
  return [
    `a=rtpmap:${payloadType} H264/90000`,
    `a=fmtp:${payloadType} profile-level-id=${profileLevelId};packetization-mode=${mode}`,
  ];
}

function family(host: string): string {
  return host.includes(':') ? 'IP6' : 'IP4';
}

function join(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
