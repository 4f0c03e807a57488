import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { NAL_SPS, nalType } from '../../../src/stage/rtp/h264.ts';
import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';
import { buildPli } from '../../../src/stage/rtp/rtcp.ts';
import { COLOURS, type Colour } from '../../support/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Camera } from './camera.ts';
import { depacketise } from './packetise.ts';

/** A picture that a receiver was sent, as the FFmpeg command line decodes it. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  /** Three octets for each point, row by row. */
  readonly rgb: Buffer;
  /** Of the decoder, on the way to this picture. */
  readonly complaints: readonly string[];
}

/** What there is to be seen: cameras, and what is drawn around them. */
const LOOKS: Record<string, Colour> = {
  ...COLOURS,
  black: [0, 0, 0],
  night: [20, 33, 61], // of slates
  frame: [41, 224, 53], // of who speaks
};

const PATIENCE_MS = 20_000;
const STAP_A = 24;

/** Asks for a key frame of H.264 and looks at a picture after it. @param later how many pictures after */
export async function look(camera: Camera, later = 3): Promise<Seen> {
  const { received } = camera;
  await waitFor('any picture', () => received.length > 0, PATIENCE_MS);
  const from = received.length;
  camera.sendRtcp(buildPli(1, received[0]?.ssrc ?? 0));
  const ends = () => received.slice(begin()).filter(({ marker }) => marker).length;
  const begin = () => from + received.slice(from).findIndex(startsKeyframe);
  const isThere = () => begin() >= from && ends() > later;
  await waitFor('a key frame and pictures after it', isThere, PATIENCE_MS);
  const end = received.findLastIndex(({ marker }) => marker);
  return lastPicture(depacketise(received.slice(begin(), end + 1)), 'h264');
}

/** Whether a decoder can begin here: the parameter sets come first. */
export function startsKeyframe({ payload }: RtpPacket): boolean {
  const inner = nalType(payload) === STAP_A ? payload.subarray(3) : payload;
  return nalType(inner) === NAL_SPS;
}

/** @param format as FFmpeg names it */
export async function lastPicture(stream: Buffer, format: string): Promise<Seen> {
  const output = ['-fps_mode', 'passthrough', '-f', 'image2pipe', '-c:v', 'ppm', '-'];
  const child = spawn('ffmpeg', ['-v', 'warning', '-f', format, '-i', '-', ...output]);
  child.stdin.end(stream);
  const [pictures, words] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  const complaints = words.split('\n').filter(line => /^\[(h264|vp8|h263|mjpeg)/.test(line));
  return { ...lastOf(pictures), complaints };
}

/** The last of pictures one behind the other, in PPM. */
function lastOf(pictures: Buffer): Omit<Seen, 'complaints'> {
  let at = 0;
  let last: Omit<Seen, 'complaints'> = { width: 0, height: 0, rgb: Buffer.alloc(0) };
  while (at < pictures.length) {
    const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(pictures.toString('latin1', at, at + 32));
    if (!header) break;
    const [width, height] = [Number(header[1]), Number(header[2])];
    const start = at + header[0].length;
    at = start + width * height * 3;
    last = { width, height, rgb: pictures.subarray(start, at) };
  }
  return last;
}

/** Mean colour around a point. */
export function colourAt({ width, height, rgb }: Seen, x: number, y: number, reach = 4): Colour {
  const sums = [0, 0, 0];
  let points = 0;
  for (let row = Math.max(0, y - reach); row < Math.min(height, y + reach); row += 1)
    for (let column = Math.max(0, x - reach); column < Math.min(width, x + reach); column += 1) {
      points += 1;
      for (const channel of [0, 1, 2])
        sums[channel] = (sums[channel] ?? 0) + (rgb[(row * width + column) * 3 + channel] ?? 0);
    }
  return sums.map(sum => Math.round(sum / points)) as unknown as Colour;
}

/** Name of what is seen around a point. */
export function lookAt(seen: Seen, x: number, y: number, reach = 4): string {
  const colour = colourAt(seen, Math.round(x), Math.round(y), reach);
  const distance = (other: Colour) =>
    Math.hypot(...other.map((value, channel) => value - (colour[channel] ?? 0)));
  const [nearest] = Object.entries(LOOKS).toSorted((a, b) => distance(a[1]) - distance(b[1]));
  return nearest?.[0] ?? 'nothing';
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is seen in the middle of each rectangle. */
export function centres(seen: Seen, rects: readonly Rect[]): string[] {
  return rects.map(({ x, y, width, height }) => lookAt(seen, x + width / 2, y + height / 2));
}

/** Brightness within a rectangle, row by row. */
export function brightness({ width, rgb }: Seen, rect: Rect): number[] {
  const points: number[] = [];
  for (let y = rect.y; y < rect.y + rect.height; y += 1)
    for (let x = rect.x; x < rect.x + rect.width; x += 1) {
      const at = (y * width + x) * 3;
      points.push(0.3 * (rgb[at] ?? 0) + 0.59 * (rgb[at + 1] ?? 0) + 0.11 * (rgb[at + 2] ?? 0));
    }
  return points;
}
