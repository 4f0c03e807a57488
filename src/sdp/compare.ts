/** What a re-negotiation changed, in the words the call's story needs. */
import { isNowhere, isReceiving, isSending } from './direction.ts';
import type { AudioPlan, MediaAddress, MediaPlan, VideoPlan } from './types.ts';

export type Medium = 'audio' | 'video' | 'slides';

/**
 * Changes that need no more than their name. All are seen from us: `hold` means
 * that we are not to send any more, `peer-silent` that nothing will come.
 */
export type PlainKind =
  | 'on'
  | 'off'
  | 'hold'
  | 'resume'
  | 'peer-silent'
  | 'peer-sending'
  /** Another coder or codec, H.264 profile or packetization mode. */
  | 'format'
  /** Other bounds of picture or bitrate. */
  | 'limits'
  /** Digits come with another number, or no longer, or now. */
  | 'digits'
  /** Encrypted now and not before, the other way round, or by another key. */
  | 'encryption'
  /** Key frames are asked for another way. */
  | 'refresh-method'
  /** Lost packets are reported, or bitrates asked for, and were not before, or the other way round. */
  | 'feedback';

export type Change = { readonly medium: Medium } & (
  | { readonly kind: PlainKind }
  /** Another address or port; also out of a hold by 0.0.0.0. */
  | { readonly kind: 'moved'; readonly from: MediaAddress; readonly to: MediaAddress }
  /** What we send with. */
  | { readonly kind: 'payload-type'; readonly from: number; readonly to: number }
);

type Stream = AudioPlan | VideoPlan;

/** What differs between two plans of one session, in no order that matters; empty when nothing does. */
export function compare(before: MediaPlan, after: MediaPlan): readonly Change[] {
  return [
    ...compareStreams('audio', before.audio, after.audio, compareAudio),
    ...compareStreams('video', before.video, after.video, compareVideo),
    ...compareStreams('slides', before.slides, after.slides, compareVideo),
  ];
}

/**
 * Whether the peer has to get a picture from scratch: its decoder is new, moved,
 * or was without pictures.
 */
export function needsKeyframeSent(changes: readonly Change[]): boolean {
  return changes.some(({ medium, kind }) => medium === 'video' && SENT_ANEW.includes(kind));
}

/** Whether the peer has to be asked for a key frame: its camera is new, or comes over another way. */
export function needsKeyframeAsked(changes: readonly Change[]): boolean {
  return changes.some(({ medium, kind }) => medium === 'video' && ASKED_ANEW.includes(kind));
}

type Kind = Change['kind'];
const CHANGES_PATH: readonly Kind[] = ['on', 'moved', 'payload-type', 'format', 'encryption'];
const SENT_ANEW: readonly Kind[] = [...CHANGES_PATH, 'resume', 'limits'];
const ASKED_ANEW: readonly Kind[] = [...CHANGES_PATH, 'resume', 'peer-sending'];

function compareStreams<T extends Stream>(
  medium: Medium,
  before: T | undefined,
  after: T | undefined,
  own: (medium: Medium, before: T, after: T) => Change[],
): Change[] {
  if (!before && !after) return [];
  if (!before) return [{ medium, kind: 'on' }];
  if (!after) return [{ medium, kind: 'off' }];
  return [
    ...compareDirections(medium, before, after),
    ...compareAddresses(medium, before, after),
    ...compareKeys(medium, before, after),
    ...comparePayloadTypes(medium, before.payloadType, after.payloadType),
    ...own(medium, before, after),
  ];
}

function compareDirections(medium: Medium, before: Stream, after: Stream): Change[] {
  const changes: Change[] = [];
  const [sent, sends] = [isSending(before.direction), isSending(after.direction)];
  const [received, receives] = [isReceiving(before.direction), isReceiving(after.direction)];
  if (sent !== sends) changes.push({ medium, kind: sends ? 'resume' : 'hold' });
  if (received !== receives)
    changes.push({ medium, kind: receives ? 'peer-sending' : 'peer-silent' });
  return changes;
}

/** Going nowhere is a hold and no move; RFC 3264 §8.4. */
function compareAddresses(medium: Medium, before: Stream, after: Stream): Change[] {
  const [from, to] = [before.remote, after.remote];
  const isSame =
    from.host === to.host && from.rtpPort === to.rtpPort && from.rtcpPort === to.rtcpPort;
  return isSame || isNowhere(to.host) ? [] : [{ medium, kind: 'moved', from, to }];
}

function comparePayloadTypes(medium: Medium, from: number, to: number): Change[] {
  return from === to ? [] : [{ medium, kind: 'payload-type', from, to }];
}

function compareKeys(medium: Medium, before: Stream, after: Stream): Change[] {
  const [was, is] = [before.crypto, after.crypto];
  const isSame = was?.suite === is?.suite && (was && is ? was.key.equals(is.key) : was === is);
  return isSame ? [] : [{ medium, kind: 'encryption' }];
}

function compareAudio(medium: Medium, before: AudioPlan, after: AudioPlan): Change[] {
  const changes: Change[] = [];
  if (before.codec !== after.codec) changes.push({ medium, kind: 'format' });
  if (before.dtmf?.payloadType !== after.dtmf?.payloadType)
    changes.push({ medium, kind: 'digits' });
  return changes;
}

function compareVideo(medium: Medium, before: VideoPlan, after: VideoPlan): Change[] {
  const changes: Change[] = [];
  const differs = (...names: (keyof VideoPlan)[]) =>
    names.some(name => before[name] !== after[name]);
  if (differs('codec', 'profileLevelId', 'packetizationMode'))
    changes.push({ medium, kind: 'format' });
  if (differs('maxFs', 'maxMbps', 'maxFps', 'maxBitrateBps', 'maxReceiveBitrateBps'))
    changes.push({ medium, kind: 'limits' });
  if (differs('refresh', 'refreshStreamId')) changes.push({ medium, kind: 'refresh-method' });
  const [was, is] = [before.feedback, after.feedback];
  if (was.nack !== is.nack || was.tmmbr !== is.tmmbr) changes.push({ medium, kind: 'feedback' });
  return changes;
}
