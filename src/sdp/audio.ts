import type { CryptoLine } from './crypto.ts';
import { opposite } from './direction.ts';
import type { AudioName, AudioPlan, DtmfPlan, OfferedCodec, OfferedMedia } from './types.ts';

interface Coder {
  /** The value of `a=rtpmap` after the payload type. */
  readonly rtpmap: string;
  readonly clockRateHz: 8000 | 48_000;
  readonly channels: number;
}

/** How each coder names itself in SDP. */
const CODERS: Record<AudioName, Coder> = {
  opus: { rtpmap: 'opus/48000/2', clockRateHz: 48_000, channels: 2 }, // always so, RFC 7587 §7
  g722: { rtpmap: 'G722/8000', clockRateHz: 8000, channels: 1 }, // 8000 by historical error, RFC 3551 §4.5.2
  pcma: { rtpmap: 'PCMA/8000', clockRateHz: 8000, channels: 1 },
  pcmu: { rtpmap: 'PCMU/8000', clockRateHz: 8000, channels: 1 },
};

/** What people call the coders of room systems that the media relay has not; `name/rate` before `name`. */
const KNOWN_ONLY: Record<string, string> = {
  'g7221/16000': 'G.722.1',
  'g7221/32000': 'G.722.1C',
  'mp4a-latm': 'AAC-LD',
  'mpeg4-generic': 'AAC',
  siren14: 'SIREN14',
  siren22: 'SIREN22',
  sirenlpr: 'SIREN LPR',
  siren7: 'SIREN7',
  g719: 'G.719',
  g723: 'G.723.1',
  g728: 'G.728',
  g729: 'G.729',
  ilbc: 'iLBC',
  speex: 'Speex',
  l16: 'L16',
};

const TELEPHONE_EVENT = 'telephone-event';
const MAX_CODER_NAME_CHARS = 20;

/** The value of `a=rtpmap` after the payload type. */
export function rtpmapOf(codec: AudioName): string {
  return CODERS[codec].rtpmap;
}

/** The clock of a coder's RTP timestamps, and so of the digits beside it. */
export function clockRateOf(codec: AudioName): Coder['clockRateHz'] {
  return CODERS[codec].clockRateHz;
}

/** Which of ours an offered payload is. */
export function coderOf(offered: OfferedCodec, known: readonly AudioName[]): AudioName | undefined {
  return known.find(name => {
    const { clockRateHz, channels } = CODERS[name];
    return (
      offered.name === name && offered.clockRateHz === clockRateHz && offered.channels <= channels
    );
  });
}

/** A payload's coder in words for people: `G.722.1C`, or as the peer wrote it. */
export function coderInWords({ name, clockRateHz }: OfferedCodec): string {
  const known = KNOWN_ONLY[`${name}/${clockRateHz}`] ?? KNOWN_ONLY[name];
  return known ?? name.slice(0, MAX_CODER_NAME_CHARS);
}

/**
 * The first coder of the peer's list that we have: its order is its wish, and a
 * wideband one stands first where the device has one. G.722.1, AAC and G.729 are passed over.
 */
export function planAudio(
  mLineIndex: number,
  line: OfferedMedia,
  known: readonly AudioName[],
  crypto: CryptoLine | undefined,
): AudioPlan | undefined {
  const position = line.codecs.findIndex(offered => coderOf(offered, known) !== undefined);
  const offered = line.codecs[position];
  const codec = offered && coderOf(offered, known);
  if (!codec) return undefined;
  const dtmf = planDtmf(line, codec);
  return {
    mLineIndex,
    codec,
    payloadType: offered.payloadType,
    ...(offered.fmtp && { fmtp: offered.fmtp }),
    direction: opposite(line.direction),
    proto: line.proto,
    remote: line.remote,
    ...(line.ptimeMs !== undefined && { ptimeMs: line.ptimeMs }),
    ...(crypto && { crypto }),
    ...(dtmf && { dtmf }),
    passedOver: passedOver(line.codecs.slice(0, position)),
  };
}

/**
 * Digits of the coder's own clock where they are offered, else the first ones:
 * many devices know only 8000 beside Opus; RFC 4733 §2.1.
 */
export function planDtmf(line: OfferedMedia, codec: AudioName): DtmfPlan | undefined {
  const events = line.codecs.filter(({ name }) => name === TELEPHONE_EVENT);
  const best = events.find(({ clockRateHz }) => clockRateHz === clockRateOf(codec)) ?? events[0];
  return best && { payloadType: best.payloadType, clockRateHz: best.clockRateHz };
}

function passedOver(codecs: readonly OfferedCodec[]): string[] {
  const named = codecs.filter(({ name }) => name !== TELEPHONE_EVENT).map(coderInWords);
  return [...new Set(named)];
}
