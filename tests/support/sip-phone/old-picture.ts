import { execFileSync } from 'node:child_process';
import { packetize } from '../../../src/stage/rtp/payload/packetize.ts';
import { COLOURS, type ColourName, hexOf } from '../picture.ts';
import type { Frame } from './moving-picture.ts';

const MAX_PAYLOAD_BYTES = 1200;
const MAX_CLIP_BYTES = 2 ** 24;
const DURATION_SEC = 4;
const BITRATE_BPS = 256_000;
export const OLD_FPS = 25;

/**
 * A picture as codecs of the nineties send it: H.263, CIF, RFC 2190. One colour all over with a
 * white bar that moves, of which each fourth second begins anew.
 */
export function encodeOldPicture(colour: ColourName): Frame[] {
  const length = `r=${OLD_FPS}:d=${DURATION_SEC}`;
  const clip = execFileSync(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        `color=c=${hexOf(COLOURS[colour])}:s=352x288:${length}`,
      ],
      ...['-f', 'lavfi', '-i', `color=c=white:s=40x16:${length}`],
      ...['-filter_complex', "[0][1]overlay=x='mod(t,4)*75':y=256"],
      ...['-c:v', 'h263', '-pix_fmt', 'yuv420p', '-b:v', `${BITRATE_BPS}`],
      ...['-g', `${OLD_FPS * DURATION_SEC}`, '-f', 'h263', '-'],
    ],
    { maxBuffer: MAX_CLIP_BYTES },
  );
  return pictures(clip).map((picture, index) => ({
    payloads: packetize('h263', picture, {
      maxPayloadBytes: MAX_PAYLOAD_BYTES,
      packetizationMode: 0,
    }),
    isKey: index === 0,
  }));
}

/** Cut before each picture start code, which FFmpeg aligns; ITU-T H.263 §5.1.1. */
function pictures(clip: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = 0; at + 2 < clip.length; at++) {
    if (clip[at] === 0 && clip[at + 1] === 0 && ((clip[at + 2] ?? 0) & 0xfc) === 0x80)
      starts.push(at);
  }
  return starts.map((start, index) => clip.subarray(start, starts[index + 1]));
}
