import { NAL_SPS, nalType } from '../../../src/stage/rtp/h264.ts';
import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';
import { buildPli } from '../../../src/stage/rtp/rtcp.ts';
import { type DecodedPicture, lastPicture } from '../../support/last-picture.ts';
import { COLOURS, type Colour } from '../../support/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Camera } from './camera.ts';
import { depacketise } from './packetise.ts';

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
export async function look(camera: Camera, later = 3): Promise<DecodedPicture> {
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

/** Mean colour around a point. */
export function colourAt(
  { width, height, rgb }: DecodedPicture,
  x: number,
  y: number,
  reach = 4,
): Colour {
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
export function lookAt(seen: DecodedPicture, x: number, y: number, reach = 4): string {
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
export function centres(seen: DecodedPicture, rects: readonly Rect[]): string[] {
  return rects.map(({ x, y, width, height }) => lookAt(seen, x + width / 2, y + height / 2));
}

/** Brightness within a rectangle, row by row. */
export function brightness({ width, rgb }: DecodedPicture, rect: Rect): number[] {
  const points: number[] = [];
  for (let y = rect.y; y < rect.y + rect.height; y += 1)
    for (let x = rect.x; x < rect.x + rect.width; x += 1) {
      const at = (y * width + x) * 3;
      points.push(0.3 * (rgb[at] ?? 0) + 0.59 * (rgb[at + 1] ?? 0) + 0.11 * (rgb[at + 2] ?? 0));
    }
  return points;
}
