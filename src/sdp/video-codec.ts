/** The picture's codecs and their names in SDP. */
import type { OfferedCodec, VideoCodecName } from './types.ts';

/** Names in rtpmap, lower case, with the codec that each means. */
const CODECS: Record<string, { readonly codec: VideoCodecName; readonly written: string }> = {
  h264: { codec: 'h264', written: 'H264' },
  h263: { codec: 'h263', written: 'H263' },
  'h263-1998': { codec: 'h263-1998', written: 'H263-1998' },
  /** The same payload format; RFC 4629 §8.1.2. */
  'h263-2000': { codec: 'h263-1998', written: 'H263-2000' },
  h261: { codec: 'h261', written: 'H261' },
};

const CLOCK_RATE_HZ = 90_000;

/** Which of the codecs an offered payload is. */
export function videoCodecOf({ name, clockRateHz }: OfferedCodec): VideoCodecName | undefined {
  return clockRateHz === CLOCK_RATE_HZ ? CODECS[name]?.codec : undefined;
}

/**
 * The value of `a=rtpmap` after the payload type.
 *
 * @param name as in an rtpmap, lower case
 */
export function videoRtpmapOf(name: string): string {
  return `${CODECS[name]?.written ?? name}/${CLOCK_RATE_HZ}`;
}
