import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fitted } from '../../../src/stage/compose/fit.ts';
import { rectanglesFor } from '../../../src/stage/layout/rectangles.ts';
import { CLIP_SEC, FPS, type PictureKind } from './clips.ts';

const run = promisify(execFile);
const CANVAS = { width: 1280, height: 720 };
const BITRATE = '1500k';

export interface Floor {
  readonly kind: PictureKind;
  readonly files: readonly string[];
  readonly inputs: number;
}

/** How fast `ffmpeg` works: as fast as it can, or as pictures come, sleeping in between as the stage does. */
export type Pace = 'at once' | 'in time';

/**
 * CPU seconds that a plain `ffmpeg` takes for a second of video: it decodes, scales, tiles and
 * encodes the same pictures once, with tiles where the stage has them and its encoder's settings.
 */
export async function measureFloor({ kind, files, inputs }: Floor, pace: Pace): Promise<number> {
  const command = ['ffmpeg', ...commandLine({ kind, files, inputs }, pace)];
  // The shell's `times` tells user and system time of what it ran.
  const { stdout } = await run('sh', ['-c', '"$@" >/dev/null && times', 'sh', ...command]);
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const [userSec = Number.NaN, systemSec = Number.NaN] = children.split(' ').map(seconds);
  return (userSec + systemSec) / CLIP_SEC;
}

function commandLine({ kind, files, inputs }: Floor, pace: Pace): string[] {
  const all = Array.from({ length: inputs }, (_, input) => input);
  const picture = { ...kind, pixelAspect: 1 };
  const tiles = rectanglesFor('grid', inputs, CANVAS).map(rect => fitted(picture, rect, 1));
  const [left, top] = [Math.min(...tiles.map(({ x }) => x)), Math.min(...tiles.map(({ y }) => y))];
  const scaled = tiles.map(
    ({ width, height }, n) => `[${n}:v]scale=${width}:${height}:flags=fast_bilinear[s${n}]`,
  );
  const places = tiles.map(({ x, y }) => `${x - left}_${y - top}`).join('|');
  const inputsOfStack = all.map(n => `[s${n}]`).join('');
  const stacked = `${inputsOfStack}xstack=inputs=${inputs}:fill=black:layout=${places}`;
  const padded = `pad=${CANVAS.width}:${CANVAS.height}:${left}:${top}`;
  const graph = [...scaled, `${stacked},${padded}[out]`].join(';');
  return [
    ...['-nostdin', '-v', 'error', '-filter_complex_threads', '1'],
    ...all.flatMap(n => inputOf(files[n % files.length] ?? '', pace)),
    ...['-filter_complex', graph, '-map', '[out]', '-c:v', 'libx264', '-threads', '1'],
    ...['-preset', 'superfast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-level', '3.1'],
    ...['-b:v', BITRATE, '-maxrate', BITRATE, '-bufsize', '600k', '-g', `${10 * FPS}`],
    ...['-x264-params', 'sliced-threads=0', '-f', 'h264', '-'],
  ];
}

function inputOf(file: string, pace: Pace): string[] {
  const reading = pace === 'in time' ? ['-re'] : [];
  return [...reading, '-threads', '1', '-f', 'h264', '-framerate', String(FPS), '-i', file];
}

/** `0m1.230000s`, as the shell writes it. */
function seconds(text: string): number {
  const [, minutes, rest] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
}
