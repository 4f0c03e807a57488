import { rtpmapOf } from './audio.ts';
import type { AudioPlan, MediaPlan, OfferedMedia, VideoPlan } from './types.ts';

/** Where the endpoint is to send, and the `o=` line's numbers. */
export interface AnswerAddresses {
  readonly host: string;
  readonly audioPort?: number;
  readonly audioRtcpPort?: number;
  readonly videoPort?: number;
  readonly videoRtcpPort?: number;
  /** The same for all answers of a call; digits. */
  readonly sessionId: string;
  /** Grows with each answer; RFC 3264 §8. */
  readonly sessionVersion: number;
}

/** What our side decodes: 720p30, the limits of level 3.1; ITU-T H.264 Table A-1. */
const OUR_LEVEL_IDC = '1f';
const OUR_LIMITS = 'max-fs=3600;max-mbps=108000';

/** The answer: the offer's m-lines, as many and in their order, port 0 where not taken; RFC 3264 §6. */
export function answer(plan: MediaPlan, addresses: AnswerAddresses): string {
  const { host, sessionId, sessionVersion } = addresses;
  const family = host.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=diemcau ${sessionId} ${sessionVersion} IN ${family} ${host}`,
    's=-',
    `c=IN ${family} ${host}`,
    `t=${plan.offer.timing}`,
  ];
  for (const [index, offered] of plan.offer.media.entries())
    lines.push(...answerMedia(plan, index, offered, addresses));
  return `${lines.join('\r\n')}\r\n`;
}

function answerMedia(
  { audio, video }: MediaPlan,
  index: number,
  offered: OfferedMedia,
  addresses: AnswerAddresses,
): string[] {
  if (audio?.mLineIndex === index && addresses.audioPort)
    return answerAudio(audio, addresses.audioPort, addresses.audioRtcpPort);
  if (video?.mLineIndex === index && addresses.videoPort)
    return answerVideo(video, addresses.videoPort, addresses.videoRtcpPort);
  return [`m=${offered.kind} 0 ${offered.proto} ${offered.formats || '0'}`];
}

function answerAudio(audio: AudioPlan, port: number, rtcpPort: number | undefined): string[] {
  const { payloadType, codec } = audio;
  return [
    `m=audio ${port} ${audio.proto} ${payloadType}`,
    ...rtcpLine(port, rtcpPort),
    `a=rtpmap:${payloadType} ${rtpmapOf(codec)}`,
    ...(takesFec(audio) ? [`a=fmtp:${payloadType} useinbandfec=1`] : []),
    ...(audio.ptimeMs === undefined ? [] : [`a=ptime:${audio.ptimeMs}`]),
    `a=${audio.direction}`,
  ];
}

/** Opus' fmtp says what its writer likes to receive; of the peer's only FEC is ours too. RFC 7587 §6.1. */
function takesFec({ codec, fmtp }: AudioPlan): boolean {
  return codec === 'opus' && /(^|[; ])useinbandfec=1\b/.test(fmtp ?? '');
}

function answerVideo(video: VideoPlan, port: number, rtcpPort: number | undefined): string[] {
  const { payloadType, feedback } = video;
  return [
    `m=video ${port} ${video.proto} ${payloadType}`,
    ...bandwidthLines(video.maxReceiveBitrateBps),
    ...rtcpLine(port, rtcpPort),
    `a=rtpmap:${payloadType} H264/90000`,
    `a=fmtp:${payloadType} ${answerFmtp(video)}`,
    ...(feedback.nackPli ? [`a=rtcp-fb:${payloadType} nack pli`] : []),
    ...(feedback.ccmFir ? [`a=rtcp-fb:${payloadType} ccm fir`] : []),
    `a=${video.direction}`,
  ];
}

/**
 * Profile as offered, RFC 6184 §8.2.2; the level is ours where the peer allows
 * it to differ, else the lower of the two. With a lower level max-fs and max-mbps
 * still say that 720p may come.
 */
function answerFmtp(video: VideoPlan): string {
  const profile = video.profileLevelId.slice(0, 4);
  const offeredLevel = video.profileLevelId.slice(4);
  const lower = Number.parseInt(offeredLevel, 16) < Number.parseInt(OUR_LEVEL_IDC, 16);
  const level = video.levelAsymmetryAllowed || !lower ? OUR_LEVEL_IDC : offeredLevel;
  const asymmetry = video.levelAsymmetryAllowed ? ';level-asymmetry-allowed=1' : '';
  const mode = `packetization-mode=${video.packetizationMode}`;
  return `profile-level-id=${profile}${level};${mode};${OUR_LIMITS}${asymmetry}`;
}

/** Both forms: old devices know only AS, which is in kbit/s; RFC 3890 §6.2. */
function bandwidthLines(bitrateBps: number): string[] {
  return [`b=AS:${Math.ceil(bitrateBps / 1000)}`, `b=TIAS:${bitrateBps}`];
}

/** Only where RTCP is not on the next port; RFC 3605 §2.1. */
function rtcpLine(port: number, rtcpPort: number | undefined): string[] {
  return rtcpPort === undefined || rtcpPort === port + 1 ? [] : [`a=rtcp:${rtcpPort}`];
}
