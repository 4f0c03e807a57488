import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLIP_SEC, FPS } from './clips.ts';

const run = promisify(execFile);
const CANVAS = { width: 1280, height: 720 };
const BITRATE = '1500k';

/**
 * CPU seconds that a plain `ffmpeg` takes for a second of video: it decodes, scales, tiles and
 * encodes the same pictures once, as fast as it can, with the encoder's settings of the stage.
 */
export async function measureFloor(files: readonly string[], inputs: number): Promise<number> {
  const command = ['ffmpeg', ...commandLine(files, inputs)];
  // The shell's `times` tells user and system time of what it ran.
  const { stdout } = await run('sh', ['-c', '"$@" >/dev/null && times', 'sh', ...command]);
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const [userSec = Number.NaN, systemSec = Number.NaN] = children.split(' ').map(seconds);
  return (userSec + systemSec) / CLIP_SEC;
}

function commandLine(files: readonly string[], inputs: number): string[] {
  const side = Math.ceil(Math.sqrt(inputs));
  const width = evenDown(CANVAS.width / side);
  const height = evenDown(CANVAS.height / side);
  const all = Array.from({ length: inputs }, (_, input) => input);
  const scaled = all.map(n => `[${n}:v]scale=${width}:${height}:flags=fast_bilinear[s${n}]`);
  const places = all.map(n => `${(n % side) * width}_${Math.floor(n / side) * height}`);
  const stacked = `${all.map(n => `[s${n}]`).join('')}xstack=inputs=${inputs}:fill=black`;
  const graph = [...scaled, `${stacked}:layout=${places.join('|')}[out]`].join(';');
  return [
    ...['-nostdin', '-v', 'error', '-filter_complex_threads', '1'],
    ...all.flatMap(n => inputOf(files[n % files.length] ?? '')),
    ...['-filter_complex', graph, '-map', '[out]', '-c:v', 'libx264', '-threads', '1'],
    ...['-preset', 'superfast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-level', '3.1'],
    ...['-b:v', BITRATE, '-maxrate', BITRATE, '-bufsize', '600k', '-g', `${10 * FPS}`],
    ...['-x264-params', 'sliced-threads=0', '-f', 'h264', '-'],
  ];
}

function inputOf(file: string): string[] {
  return ['-threads', '1', '-f', 'h264', '-framerate', String(FPS), '-i', file];
}

function evenDown(value: number): number {
  return Math.floor(value / 2) * 2;
}

/** `0m1.230000s`, as the shell writes it. */
function seconds(text: string): number {
  const [, minutes, rest] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
}
