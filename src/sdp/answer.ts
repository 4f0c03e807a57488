import { rtpmapOf } from './audio.ts';
import type { CryptoLine } from './crypto.ts';
import { ourH263 } from './h263.ts';
import {
  bandwidthLines,
  closedLine,
  cryptoLines,
  dtmfLines,
  feedbackLines,
  joinLines,
  type LocalAddresses,
  OUR_LEVEL_IDC,
  OUR_LIMITS,
  rtcpLines,
  sessionLines,
} from './media-lines.ts';
import type { AudioPlan, MediaPlan, OfferedMedia, VideoPlan } from './types.ts';
import { videoRtpmapOf } from './video-codec.ts';

/** Where the endpoint is to send, and the `o=` line's numbers. */
export type AnswerAddresses = LocalAddresses;

/**
 * The answer: the offer's m-lines, as many and in their order, port 0 where not
 * taken; RFC 3264 §6. A line that is to be encrypted and for which the relay
 * gave no key is not taken.
 */
export function answer(plan: MediaPlan, addresses: AnswerAddresses): string {
  const lines = sessionLines(addresses, plan.offer.timing);
  for (const [index, offered] of plan.offer.media.entries())
    lines.push(...answerMedia(plan, index, offered, addresses));
  return joinLines(lines);
}

function answerMedia(
  { audio, video }: MediaPlan,
  index: number,
  offered: OfferedMedia,
  addresses: AnswerAddresses,
): string[] {
  if (audio?.mLineIndex === index && addresses.audioPort) {
    const keys = answerKeys(audio.crypto, addresses.audioCrypto);
    if (keys) return [...answerAudio(audio, addresses.audioPort, addresses.audioRtcpPort), ...keys];
  }
  if (video?.mLineIndex === index && addresses.videoPort) {
    const keys = answerKeys(video.crypto, addresses.videoCrypto);
    const { videoPort, videoRtcpPort } = addresses;
    if (keys) return [...answerVideo(video, offered, videoPort, videoRtcpPort), ...keys];
  }
  return [closedLine(offered)];
}

/** Our key under the tag and suite that were taken of the offer; RFC 4568 §5.1.2. Undefined: it is missing. */
function answerKeys(
  taken: CryptoLine | undefined,
  relayed: readonly CryptoLine[] = [],
): string[] | undefined {
  if (!taken) return [];
  const ours = relayed.find(({ suite }) => suite === taken.suite);
  return ours && cryptoLines([{ ...ours, tag: taken.tag }]);
}

function answerAudio(audio: AudioPlan, port: number, rtcpPort: number | undefined): string[] {
  const { payloadType, codec, dtmf } = audio;
  const payloadTypes = dtmf ? `${payloadType} ${dtmf.payloadType}` : payloadType;
  return [
    `m=audio ${port} ${audio.proto} ${payloadTypes}`,
    ...rtcpLines(port, rtcpPort),
    `a=rtpmap:${payloadType} ${rtpmapOf(codec)}`,
    ...(takesFec(audio) ? [`a=fmtp:${payloadType} useinbandfec=1`] : []),
    ...(dtmf ? dtmfLines(dtmf) : []),
    ...(audio.ptimeMs === undefined ? [] : [`a=ptime:${audio.ptimeMs}`]),
    `a=${audio.direction}`,
  ];
}

/** Opus' fmtp says what its writer likes to receive; of the peer's only FEC is ours too. RFC 7587 §6.1. */
function takesFec({ codec, fmtp }: AudioPlan): boolean {
  return codec === 'opus' && /(^|[; ])useinbandfec=1\b/.test(fmtp ?? '');
}

function answerVideo(
  video: VideoPlan,
  offered: OfferedMedia,
  port: number,
  rtcpPort: number | undefined,
): string[] {
  const { payloadType, codec, feedback } = video;
  const { name = codec, fmtp } = offered.codecs.find(one => one.payloadType === payloadType) ?? {};
  return [
    `m=video ${port} ${video.proto} ${payloadType}`,
    ...bandwidthLines(video.maxReceiveBitrateBps),
    ...rtcpLines(port, rtcpPort),
    `a=rtpmap:${payloadType} ${videoRtpmapOf(name)}`,
    `a=fmtp:${payloadType} ${codec === 'h264' ? answerFmtp(video) : ourH263(fmtp)}`,
    ...feedbackLines(payloadType, feedback),
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
