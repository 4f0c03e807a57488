import { clockRateOf, rtpmapOf } from './audio.ts';
import { type CryptoLine, OFFERED_SUITES } from './crypto.ts';
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
import { PayloadTypes } from './payload-types.ts';
import { isRtpProfile, isSecureProfile } from './profile.ts';
import type {
  AudioPlan,
  Capabilities,
  Direction,
  MediaPlan,
  OfferedCodec,
  VideoFeedback,
  VideoPlan,
} from './types.ts';
import { directionOf, isMainVideo } from './video.ts';
import { videoRtpmapOf } from './video-codec.ts';

export interface OfferOptions {
  /** The session as it is now: its m-lines keep their places and numbers; RFC 3264 §8. */
  readonly after?: MediaPlan;
  /** Ours; sendrecv when not said. */
  readonly audio?: Direction;
  readonly video?: Direction;
}

/** Constrained baseline: what every endpoint and every browser decodes; RFC 6184 §8.1. */
const OUR_PROFILE = '42e0';
/** What the stage answers to. */
const OUR_FEEDBACK: VideoFeedback = { nack: true, nackPli: true, ccmFir: true, tmmbr: true };

/** One m-line of the offer to be. */
interface Slot {
  readonly kind: string;
  readonly proto: string;
  readonly formats: string;
  readonly codecs: readonly OfferedCodec[];
  /** What of the session is on this line now. */
  readonly stream?: AudioPlan | VideoPlan;
}

/**
 * An offer of ours: the 200 to an INVITE without SDP, a dial-out, or a change of
 * a session. A medium without a port is left out, or closed in its place; so is
 * one that has to be encrypted and has no key. Holds keys: not for a log.
 */
export function offer(
  capabilities: Capabilities,
  addresses: LocalAddresses,
  options: OfferOptions = {},
): string {
  const { slots, audioIndex, videoIndex } = layOut(capabilities, addresses, options.after);
  const lines = sessionLines(addresses, options.after?.offer.timing ?? '0 0');
  for (const [index, slot] of slots.entries()) {
    const open =
      index === audioIndex
        ? offerAudio(slot, capabilities, addresses, options)
        : index === videoIndex
          ? offerVideo(slot, capabilities, addresses, options)
          : undefined;
    lines.push(...(open ?? [closedLine(slot)]));
  }
  return joinLines(lines);
}

interface Layout {
  readonly slots: readonly Slot[];
  readonly audioIndex: number;
  readonly videoIndex: number;
}

/** The session's lines in their order, then lines for what it has no place for yet. */
function layOut(
  capabilities: Capabilities,
  addresses: LocalAddresses,
  after: MediaPlan | undefined,
): Layout {
  const media = after?.offer.media ?? [];
  const slots: Slot[] = media.map((line, index) => {
    const stream = [after?.audio, after?.video].find(taken => taken?.mLineIndex === index);
    return { ...line, ...(stream && { stream }) };
  });
  const proto = capabilities.srtp === 'required' ? 'RTP/SAVP' : 'RTP/AVP';
  const place = (kind: 'audio' | 'video', found: number, isWanted: boolean): number => {
    if (found >= 0 || !isWanted) return found;
    return slots.push({ kind, proto, formats: '', codecs: [] }) - 1;
  };
  const audioFound =
    after?.audio?.mLineIndex ??
    media.findIndex(line => line.kind === 'audio' && isRtpProfile(line.proto));
  const videoFound =
    after?.video?.mLineIndex ??
    media.findIndex(line => isMainVideo(line) && isRtpProfile(line.proto));
  return {
    audioIndex: place('audio', audioFound, addresses.audioPort !== undefined),
    videoIndex: place('video', videoFound, capabilities.video && addresses.videoPort !== undefined),
    slots,
  };
}

function offerAudio(
  slot: Slot,
  capabilities: Capabilities,
  { audioPort, audioRtcpPort, audioCrypto }: LocalAddresses,
  { audio: direction = 'sendrecv', after }: OfferOptions,
): string[] | undefined {
  const keys = offeredKeys(slot, capabilities, audioCrypto);
  if (!audioPort || !keys || capabilities.audio.length === 0) return undefined;
  const numbers = new PayloadTypes(slot);
  const coders = capabilities.audio
    .toSorted((a, b) => Number(b === after?.audio?.codec) - Number(a === after?.audio?.codec))
    .map(codec => ({ codec, payloadType: numbers.audio(codec) }));
  const clocks = [...new Set(capabilities.audio.map(clockRateOf))].sort((a, b) => a - b);
  const digits = clocks.map(clockRateHz => ({
    clockRateHz,
    payloadType: numbers.dtmf(clockRateHz),
  }));
  const payloadTypes = [...coders, ...digits].map(({ payloadType }) => payloadType);
  return [
    `m=audio ${audioPort} ${slot.proto} ${payloadTypes.join(' ')}`,
    ...rtcpLines(audioPort, audioRtcpPort),
    ...coders.map(({ codec, payloadType }) => `a=rtpmap:${payloadType} ${rtpmapOf(codec)}`),
    ...coders
      .filter(({ codec }) => codec === 'opus')
      .map(({ payloadType }) => `a=fmtp:${payloadType} useinbandfec=1`),
    ...digits.flatMap(dtmfLines),
    ...keys,
    `a=${direction}`,
  ];
}

function offerVideo(
  slot: Slot,
  capabilities: Capabilities,
  { videoPort, videoRtcpPort, videoCrypto }: LocalAddresses,
  { video: direction = 'sendrecv', after }: OfferOptions,
): string[] | undefined {
  const keys = offeredKeys(slot, capabilities, videoCrypto);
  if (!videoPort || !keys || !capabilities.video) return undefined;
  const payloads = offeredPayloads(slot, after?.video);
  return [
    `m=video ${videoPort} ${slot.proto} ${payloads.map(({ payloadType }) => payloadType).join(' ')}`,
    ...bandwidthLines(capabilities.maxVideoBitrateBps),
    ...rtcpLines(videoPort, videoRtcpPort),
    ...payloads.flatMap(({ payloadType, name, fmtp }) => [
      `a=rtpmap:${payloadType} ${videoRtpmapOf(name)}`,
      `a=fmtp:${payloadType} ${fmtp}`,
    ]),
    ...feedbackLines('*', OUR_FEEDBACK),
    ...keys,
    `a=${after?.video ? directionOf(after.video.codec, direction) : direction}`,
  ];
}

/** One payload of a line, its name as in rtpmap. */
type OfferedVideo = Pick<OfferedCodec, 'payloadType' | 'name' | 'fmtp'>;

/**
 * What runs now first and unchanged, then both modes of our own H.264 profile, then
 * H.263 for devices that have nothing newer. H.261 only where it runs: we do not send it.
 */
function offeredPayloads(slot: Slot, now: VideoPlan | undefined): OfferedVideo[] {
  const numbers = new PayloadTypes(slot);
  const usual = [
    ...([1, 0] as const).map(mode => ({
      payloadType: numbers.h264(mode),
      name: 'h264',
      fmtp: offeredH264(OUR_PROFILE, mode),
    })),
    ...(['h263-1998', 'h263'] as const).map(name => ({
      payloadType: numbers.h263(name),
      name,
      fmtp: ourH263(),
    })),
  ];
  if (!now) return usual;
  const others = usual.filter(({ payloadType }) => payloadType !== now.payloadType);
  return [runningPayload(slot, now), ...others];
}

function runningPayload(slot: Slot, now: VideoPlan): OfferedVideo {
  const { payloadType, codec, profileLevelId, packetizationMode } = now;
  if (codec === 'h264') {
    const fmtp = offeredH264(profileLevelId.slice(0, 4), packetizationMode);
    return { payloadType, name: codec, fmtp };
  }
  const named = slot.codecs.find(one => one.payloadType === payloadType);
  return { payloadType, name: named?.name ?? codec, fmtp: ourH263(named?.fmtp) };
}

function offeredH264(profile: string, mode: 0 | 1): string {
  const level = `profile-level-id=${profile}${OUR_LEVEL_IDC}`;
  return `${level};packetization-mode=${mode};${OUR_LIMITS};level-asymmetry-allowed=1`;
}

/**
 * The lines of keys: the one in use where the stream has one, as the relay keeps
 * that and makes others anew; by the policy where the stream is new. Best effort
 * is a key under RTP/AVP, RFC 8643. Undefined: a key is needed and missing.
 */
function offeredKeys(
  { proto, stream }: Slot,
  { srtp = 'off' }: Capabilities,
  relayed: readonly CryptoLine[] = [],
): string[] | undefined {
  const isWanted =
    isSecureProfile(proto) || (stream ? stream.crypto !== undefined : srtp !== 'off');
  const isNeeded = isSecureProfile(proto) || srtp === 'required';
  const suites = stream?.crypto ? [stream.crypto.suite] : OFFERED_SUITES;
  const keys = isWanted ? relayed.filter(({ suite }) => suites.includes(suite)) : [];
  return isNeeded && keys.length === 0 ? undefined : cryptoLines(keys);
}
