import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface PictureKind {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bitrateBps: number;
}

export const PICTURE_KINDS = [
  { name: '360p25', width: 640, height: 360, bitrateBps: 500_000 },
  { name: '720p25', width: 1280, height: 720, bitrateBps: 1_200_000 },
] as const satisfies readonly PictureKind[];

export const FPS = 25;
export const CLIP_SEC = 8;
const KEYFRAME_INTERVAL = 4 * FPS;
const NOISE = 'noise=alls=8:allf=t';

/** So that not all cameras show the same. */
const VARIANTS = ['null', 'hflip', 'vflip', 'negate'];

/** In the clip with flashes: every second, from the middle of the first on, for five pictures. */
const FLASH_PERIOD = FPS;
const FLASH_FIRST = 12;
const FLASH_PICTURES = 5;

/** Whether a flash begins with this picture of the clip with flashes. */
export function isFlash(picture: number): boolean {
  return picture % FLASH_PERIOD === FLASH_FIRST;
}

/** Files of moving pictures, encoded as a room codec encodes; the folder's owner removes them. */
export function makeClips(folder: string, kind: PictureKind): string[] {
  return VARIANTS.map(variant =>
    encode(join(folder, `${kind.name}-${variant}.h264`), kind, variant),
  );
}

/** Dark pictures that move, with white ones now and then, which are no key frames. */
export function makeFlashClip(folder: string, kind: PictureKind): string {
  const since = `mod(n+${FLASH_PERIOD - FLASH_FIRST},${FLASH_PERIOD})`;
  const dark = 'eq=brightness=-0.4:contrast=0.5';
  const white = `drawbox=c=white:t=fill:enable='lt(${since},${FLASH_PICTURES})'`;
  return encode(join(folder, `${kind.name}-flash.h264`), kind, `${dark},${white}`);
}

/** One camera that is dark, and one that is white; both move a little. */
export function makeLightClips(folder: string, kind: PictureKind) {
  const clip = (name: string, filter: string) =>
    encode(join(folder, `${kind.name}-${name}.h264`), kind, filter);
  return {
    dark: clip('dark', 'eq=brightness=-0.4:contrast=0.5'),
    white: clip('white', 'drawbox=c=white:t=fill'),
  };
}

function encode(file: string, kind: PictureKind, filter: string): string {
  const { width, height, bitrateBps } = kind;
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi'],
    ...['-i', `testsrc2=s=${width}x${height}:r=${FPS}:d=${CLIP_SEC}`],
    ...['-vf', `${filter},${NOISE}`, '-pix_fmt', 'yuv420p', '-c:v', 'libx264'],
    ...['-profile:v', 'baseline', '-preset', 'veryfast', '-tune', 'zerolatency', '-threads', '1'],
    ...['-b:v', `${bitrateBps}`, '-maxrate', `${bitrateBps}`, '-bufsize', `${bitrateBps / 2}`],
    ...['-g', `${KEYFRAME_INTERVAL}`, '-sc_threshold', '0'],
    ...['-x264-params', 'aud=1:sliced-threads=0', '-f', 'h264', '-y', file],
  ]);
  return file;
}
