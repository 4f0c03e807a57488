import { opposite } from './direction.ts';
import type { AudioName, AudioPlan, OfferedCodec, OfferedMedia } from './types.ts';

/** How each coder names itself in SDP: rtpmap value, clock rate, channels. */
const CODERS: Record<
  AudioName,
  { readonly rtpmap: string; readonly clockRateHz: number; readonly channels: number }
> = {
  opus: { rtpmap: 'opus/48000/2', clockRateHz: 48_000, channels: 2 }, // always so, RFC 7587 §7
  g722: { rtpmap: 'G722/8000', clockRateHz: 8000, channels: 1 }, // 8000 by historical error, RFC 3551 §4.5.2
  pcma: { rtpmap: 'PCMA/8000', clockRateHz: 8000, channels: 1 },
  pcmu: { rtpmap: 'PCMU/8000', clockRateHz: 8000, channels: 1 },
};

/** The value of `a=rtpmap` after the payload type. */
export function rtpmapOf(codec: AudioName): string {
  return CODERS[codec].rtpmap;
}

/**
 * The first coder of the peer's list that we have: its order is its wish, and a
 * wideband one stands first where the device has one. G.722.1, AAC and G.729 are passed over.
 */
export function planAudio(
  mLineIndex: number,
  line: OfferedMedia,
  known: readonly AudioName[],
): AudioPlan | undefined {
  for (const offered of line.codecs) {
    const codec = known.find(name => isCoder(offered, name));
    if (!codec) continue;
    return {
      mLineIndex,
      codec,
      payloadType: offered.payloadType,
      ...(offered.fmtp && { fmtp: offered.fmtp }),
      direction: opposite(line.direction),
      proto: line.proto,
      remote: line.remote,
      ...(line.ptimeMs !== undefined && { ptimeMs: line.ptimeMs }),
    };
  }
  return undefined;
}

function isCoder(offered: OfferedCodec, name: AudioName): boolean {
  const { clockRateHz, channels } = CODERS[name];
  return (
    offered.name === name && offered.clockRateHz === clockRateHz && offered.channels <= channels
  );
}
