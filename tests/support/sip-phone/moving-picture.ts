import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly bitrateBps: number;
  readonly durationSec: number;
  /** One colour all over; a moving test picture when not given. */
  readonly colour?: string;
  /** A file of a still picture, instead. */
  readonly image?: string;
  /** White for the first fifth of a second, this often; every frame is a key frame then. */
  readonly flashEverySec?: number;
  /** Of H.264; baseline when not given. */
  readonly profile?: 'baseline' | 'high';
}

/** One frame as RTP payloads, RFC 6184 §5.6 and §5.8; the last one carries the marker. */
export interface Frame {
  readonly payloads: readonly Buffer[];
  readonly isKey: boolean;
}

const MAX_PAYLOAD_BYTES = 1200;
const KEY_FRAME_SEC = 2;
const NAL = { idr: 5, sps: 7, pps: 8, delimiter: 9, fuA: 28 } as const;

/** Encodes a moving test picture once, to be sent again and again by many phones. */
export function encodeMovingPicture(options: PictureOptions): Frame[] {
  const folder = mkdtempSync(join(tmpdir(), 'moving-picture-'));
  try {
    const file = join(folder, 'picture.h264');
    execFileSync('ffmpeg', [...encoderArgs(options), file], { stdio: 'ignore' });
    return framesOf(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function encoderArgs(options: PictureOptions): string[] {
  const { fps, bitrateBps, flashEverySec, profile = 'baseline' } = options;
  const rates = ['-b:v', '-maxrate'].flatMap(rate => [rate, `${bitrateBps}`]);
  const gopFrames = flashEverySec === undefined ? fps * KEY_FRAME_SEC : 1;
  const gop = ['-g', `${gopFrames}`, '-x264-params', 'aud=1:scenecut=0:keyint_min=1'];
  const codec = ['-c:v', 'libx264', '-profile:v', profile, '-preset', 'veryfast'];
  const paced = [...codec, '-tune', 'zerolatency', ...rates, '-bufsize', `${bitrateBps / 2}`];
  return ['-y', ...sourceArgs(options), ...paced, ...gop, '-f', 'h264'];
}

function sourceArgs(options: PictureOptions): string[] {
  const { width, height, fps, durationSec, colour, image, flashEverySec } = options;
  if (image !== undefined) {
    const still = ['-loop', '1', '-framerate', `${fps}`, '-t', `${durationSec}`, '-i', image];
    return [...still, '-vf', `scale=${width}:${height},format=yuv420p`];
  }
  const pattern = colour === undefined ? 'testsrc2=' : `color=${colour}:`;
  const source = `${pattern}size=${width}x${height}:rate=${fps}:duration=${durationSec}`;
  const flash = `drawbox=c=white:t=fill:enable='lt(mod(t,${flashEverySec}),0.2)'`;
  return ['-f', 'lavfi', '-i', source, ...(flashEverySec === undefined ? [] : ['-vf', flash])];
}

function framesOf(stream: Buffer): Frame[] {
  const frames: Buffer[][] = [];
  for (const unit of nalUnits(stream)) {
    if (typeOf(unit) === NAL.delimiter) frames.push([]);
    else frames.at(-1)?.push(unit);
  }
  return frames.map(units => ({
    payloads: units.flatMap(packetize),
    isKey: units.some(unit => typeOf(unit) === NAL.idr),
  }));
}

/** Byte stream to NAL units, ITU-T H.264 Annex B. */
function nalUnits(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = stream.indexOf('\0\0\x01');
  while (start >= 0) {
    const next = stream.indexOf('\0\0\x01', start + 3);
    let end = next < 0 ? stream.length : next;
    while (end > start + 3 && stream[end - 1] === 0) end -= 1;
    units.push(stream.subarray(start + 3, end));
    start = next;
  }
  return units;
}

function packetize(unit: Buffer): Buffer[] {
  if (unit.length <= MAX_PAYLOAD_BYTES) return [unit];
  const [header = 0] = unit;
  const indicator = (header & 0xe0) | NAL.fuA;
  const pieces: Buffer[] = [];
  for (let at = 1; at < unit.length; at += MAX_PAYLOAD_BYTES - 2) {
    const isLast = at + MAX_PAYLOAD_BYTES - 2 >= unit.length;
    const flags = (at === 1 ? 0x80 : 0) | (isLast ? 0x40 : 0) | (header & 0x1f);
    const piece = unit.subarray(at, at + MAX_PAYLOAD_BYTES - 2);
    pieces.push(Buffer.concat([Buffer.from([indicator, flags]), piece]));
  }
  return pieces;
}

function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f;
}
