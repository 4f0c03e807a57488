/** SDP between us and the media relay: small, made by us, never seen by an endpoint. */
import type { SessionDescription } from 'sdp-transform';
import { rtpmapOf } from './audio.ts';
import type { CryptoLine } from './crypto.ts';
import { opposite } from './direction.ts';
import { cryptoLines, joinLines } from './media-lines.ts';
import { parseSections } from './parse.ts';
import type {
  AudioName,
  AudioPlan,
  Direction,
  MediaAddress,
  MediaPlan,
  VideoPlan,
} from './types.ts';
import { videoRtpmapOf } from './video-codec.ts';

/**
 * The accepted streams of an offer for the relay: a line for sound and one for
 * picture, port 0 where there is none, so that each keeps its place when it
 * comes and goes. Holds the peer's keys where they are encrypted: not for a log.
 * Digits are not named: the relay passes payload types it does not know, and
 * would offer them with another number and clock where it transcodes.
 */
export function relayOffer(plan: MediaPlan): string {
  return relayAnswer(plan, ['audio', 'video']);
}

/**
 * The endpoint's answer to an offer of ours, for the relay: a line each for
 * sound and picture as they were offered to it, port 0 where the endpoint
 * refused. Holds keys like `relayOffer`.
 *
 * @param offered what the relay was asked to offer, in its order
 */
export function relayAnswer(plan: MediaPlan, offered: readonly ('audio' | 'video')[]): string {
  const { audio, video } = plan;
  const host = hostOf(plan);
  const lines = header(host, '1');
  for (const kind of offered) {
    const taken = kind === 'audio' ? audio && endpointAudio(audio) : video && endpointVideo(video);
    lines.push(...(taken ?? closed(kind, host)));
  }
  return joinLines(lines);
}

function hostOf({ audio, video }: MediaPlan): string {
  return audio?.remote.host ?? video?.remote.host ?? '0.0.0.0';
}

function endpointAudio(audio: AudioPlan): string[] {
  const { payloadType, codec, fmtp } = audio;
  return [
    ...media('audio', audio.remote, relayProto(audio.crypto), payloadType),
    `a=rtpmap:${payloadType} ${rtpmapOf(codec)}`,
    ...(codec === 'opus' && fmtp ? [`a=fmtp:${payloadType} ${fmtp}`] : []),
    ...(audio.crypto ? cryptoLines([audio.crypto]) : []),
    `a=${opposite(audio.direction)}`,
  ];
}

function endpointVideo(video: VideoPlan): string[] {
  const { payloadType, crypto } = video;
  return [
    ...media('video', video.remote, relayProto(crypto), payloadType),
    ...codecLines(video),
    ...(crypto ? cryptoLines([crypto]) : []),
    `a=${opposite(video.direction)}`,
  ];
}

/**
 * The relay decides by the profile whether to encrypt, so a key under RTP/AVP
 * becomes RTP/SAVP. Never the feedback profiles: between AVPF and AVP the relay
 * takes PLI and FIR out of the RTCP.
 */
function relayProto(crypto: CryptoLine | undefined): string {
  return crypto ? 'RTP/SAVP' : 'RTP/AVP';
}

/** One stream of an SDP that the relay gave back. */
export interface RelayedStream extends MediaAddress {
  readonly payloadType: number;
  readonly ssrc?: number;
  /** The relay's own keys, where the stream is encrypted. */
  readonly crypto?: readonly CryptoLine[];
}

/** Addresses per medium in an SDP of the relay; undefined when it is not SDP. Never throws. */
export function readRelaySdp(
  sdp: string,
): { readonly audio?: RelayedStream; readonly video?: RelayedStream } | undefined {
  const parsed = parseSections(sdp);
  if (!parsed) return undefined;
  const audio = readStream('audio', parsed);
  const video = readStream('video', parsed);
  return { ...(audio && { audio }), ...(video && { video }) };
}

/** The first open stream of a kind that has an address and a payload type. */
function readStream(
  kind: string,
  {
    session,
    keys,
  }: { readonly session: SessionDescription; readonly keys: readonly CryptoLine[][] },
): RelayedStream | undefined {
  const index = session.media.findIndex(({ type, port }) => type === kind && port > 0);
  const line = session.media[index];
  const host = String(line?.connection?.ip ?? session.connection?.ip ?? '');
  const payloadType = line && soundOrPicture(line);
  if (!line || host === '' || payloadType === undefined) return undefined;
  const ssrc = Number(line.ssrcs?.[0]?.id);
  const crypto = keys[index] ?? [];
  return {
    host,
    rtpPort: line.port,
    rtcpPort: line.rtcp?.port ?? (line.rtcpMux ? line.port : line.port + 1),
    payloadType,
    ...(Number.isInteger(ssrc) && { ssrc }),
    ...(crypto.length > 0 && { crypto }),
  };
}

/** The first payload type that is not digits. */
function soundOrPicture(line: SessionDescription['media'][number]): number | undefined {
  const payloadTypes = String(line.payloads ?? '')
    .split(' ')
    .filter(text => /^\d{1,3}$/.test(text))
    .map(Number);
  const isDigits = (payloadType: number) =>
    line.rtp.some(
      rtp => Number(rtp.payload) === payloadType && /^telephone-event$/i.test(String(rtp.codec)),
    );
  return payloadTypes.find(payloadType => !isDigits(payloadType)) ?? payloadTypes[0];
}

export interface InnerParts {
  readonly sessionId: string;
  readonly audio?: MediaAddress & {
    readonly payloadType: number;
    readonly codec: AudioName;
    readonly direction: Direction;
  };
  readonly video?: MediaAddress &
    Pick<VideoPlan, 'payloadType' | 'codec' | 'packetizationMode' | 'profileLevelId' | 'direction'>;
}

/** Our inner side's answer to `relayOffer`: the room server for audio, the stage for video. */
export function innerSdp({ sessionId, audio, video }: InnerParts): string {
  const host = audio?.host ?? video?.host ?? '0.0.0.0';
  const lines = header(host, sessionId);
  lines.push(...(audio ? innerAudio(audio) : closed('audio', host)));
  lines.push(...(video ? innerVideo(video) : closed('video', host)));
  return joinLines(lines);
}

function innerAudio(audio: NonNullable<InnerParts['audio']>): string[] {
  return [
    ...media('audio', audio, 'RTP/AVP', audio.payloadType),
    `a=rtpmap:${audio.payloadType} ${rtpmapOf(audio.codec)}`,
    `a=${audio.direction}`,
  ];
}

function innerVideo(video: NonNullable<InnerParts['video']>): string[] {
  return [
    ...media('video', video, 'RTP/AVP', video.payloadType),
    ...codecLines(video),
    `a=${video.direction}`,
  ];
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
  return offerOfFeed(feed, codecLines({ ...feed, codec: 'h264', packetizationMode: 1 }));
}

/** The same of a VP8 feed, RFC 7741 §6. */
export function vp8FeedOffer(feed: Omit<FeedDescription, 'profileLevelId'>): string {
  return offerOfFeed(feed, [`a=rtpmap:${feed.payloadType} VP8/90000`]);
}

function offerOfFeed(
  feed: Omit<FeedDescription, 'profileLevelId'>,
  codec: readonly string[],
): string {
  const { payloadType, ssrc, cname } = feed;
  return joinLines([
    ...header(feed.host, feed.sessionId),
    ...media('video', feed, 'RTP/AVP', payloadType),
    ...codec,
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

/** The relay refuses a line without an address, also one that is closed. */
function closed(kind: 'audio' | 'video', host: string): string[] {
  return [`m=${kind} 0 RTP/AVP 0`, `c=IN ${family(host)} ${host}`];
}

/** The relay passes pictures as they are; only of H.264 does it have to know more than the name. */
function codecLines({
  payloadType,
  codec,
  profileLevelId,
  packetizationMode,
}: Pick<VideoPlan, 'payloadType' | 'codec' | 'profileLevelId' | 'packetizationMode'>): string[] {
  const map = `a=rtpmap:${payloadType} ${videoRtpmapOf(codec)}`;
  if (codec !== 'h264') return [map];
  const parameters = `profile-level-id=${profileLevelId};packetization-mode=${packetizationMode}`;
  return [map, `a=fmtp:${payloadType} ${parameters}`];
}

function family(host: string): string {
  return host.includes(':') ? 'IP6' : 'IP4';
}
