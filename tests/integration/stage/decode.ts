import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';
import { type Colour, nearestColour } from '../../support/picture.ts';
import { depacketise } from './packetise.ts';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 2 ** 28;

/** FFmpeg's own decoder: what it made of a stream, and what it complained of. */
async function decode(stream: Buffer, filter: string, pixelFormat: string) {
  const folder = await mkdtemp(join(tmpdir(), 'diemcau-decode-'));
  try {
    const file = join(folder, 'received.h264');
    await writeFile(file, stream);
    const { stdout, stderr } = await run(
      'ffmpeg',
      [
        ...['-v', 'warning', '-f', 'h264', '-i', file, '-fps_mode', 'passthrough'],
        ...['-vf', filter, '-f', 'rawvideo', '-pix_fmt', pixelFormat, '-'],
      ],
      { encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES },
    );
    const complaints = stderr
      .toString()
      .split('\n')
      .filter(line => line.startsWith('[h264'));
    return { data: stdout, complaints };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The colour of each picture, upper third; the slate's night blue counts as black. */
export function coloursOf(packets: readonly RtpPacket[]) {
  return coloursOfStream(depacketise(packets));
}

/** The same of an Annex B stream. */
export async function coloursOfStream(stream: Buffer) {
  const filter = 'crop=iw:ih/3:0:0,scale=1:1:flags=area';
  const { data, complaints } = await decode(stream, filter, 'rgb24');
  const colours = Array.from({ length: data.length / 3 }, (_, index) =>
    nearestColour([...data.subarray(index * 3, index * 3 + 3)] as unknown as Colour),
  );
  return { colours, complaints };
}

/** Brightness of the first picture, row by row, scaled to a size. */
export async function firstPicture(packets: readonly RtpPacket[], width: number, height: number) {
  const { data } = await decode(depacketise(packets), `scale=${width}:${height}`, 'gray');
  return data.subarray(0, width * height);
}

/** Each run of equal values once. */
export function withoutRepeats<T>(values: readonly T[]): T[] {
  return values.filter((value, index) => value !== values[index - 1]);
}
