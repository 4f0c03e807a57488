import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Colours far apart even after encoding. */
export const COLOURS = {
  red: [200, 30, 30],
  green: [30, 160, 40],
  blue: [30, 60, 200],
  yellow: [210, 190, 30],
  magenta: [190, 40, 190],
} as const satisfies Record<string, Colour>;

export type ColourName = keyof typeof COLOURS;

const SECONDS = 20;
/** baresip shows no more of a file once it has ended; Chromium begins anew by itself. */
const REPEATS = { mp4: 60, mjpeg: 1 } as const;
/** baresip waits a whole frame’s time and then works: of 50 it sends about 25. */
const FPS = { mp4: 50, mjpeg: 25 } as const;

/**
 * A video file of one colour with a small white bar that moves, so that frames
 * differ; made once per machine start and shared by tests.
 * @param format `mp4` for baresip, `mjpeg` for Chromium's fake camera
 */
export function colourVideo(colour: ColourName, format: 'mp4' | 'mjpeg'): string {
  const folder = join(tmpdir(), `diemcau-pictures-${process.getuid?.() ?? 0}`);
  const file = join(folder, `${colour}-${FPS[format]}-${REPEATS[format]}.${format}`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `${process.pid}-${colour}.${format}`);
  ffmpeg(drawing(COLOURS[colour], format, draft));
  if (format === 'mp4') repeat(draft);
  renameSync(draft, file);
  return file;
}

/** As FFmpeg takes it. */
export function hexOf(colour: Colour): string {
  return `0x${colour.map(value => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Name of the known colour nearest to what was seen. */
export function nearestColour(seen: Colour): ColourName | 'black' | 'grey' {
  const known = new Map<ColourName | 'black' | 'grey', Colour>([
    ...(Object.entries(COLOURS) as [ColourName, Colour][]),
    ['black', [0, 0, 0]],
    ['grey', [128, 128, 128]],
  ]);
  const names = [...known.keys()];
  const distance = (name: ColourName | 'black' | 'grey') =>
    Math.hypot(...(known.get(name) ?? seen).map((value, index) => value - (seen[index] ?? 0)));
  return names.reduce((best, name) => (distance(name) < distance(best) ? name : best));
}

/** Mean colour of the upper third of a PNG file, where our pictures have no bar. */
export function pngColour(file: string): Colour {
  const { width, height, data } = PNG.sync.read(readFileSync(file));
  const pixels = width * Math.floor(height / 3);
  const sums = [0, 0, 0];
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (const channel of [0, 1, 2]) {
      sums[channel] = (sums[channel] ?? 0) + (data[pixel * 4 + channel] ?? 0);
    }
  }
  return sums.map(sum => sum / pixels) as unknown as Colour;
}

function ffmpeg(args: readonly string[]): void {
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  execFileSync('ffmpeg', [...quiet, ...args], { stdio: 'pipe' });
}

/** Plays a file as often as is needed, without encoding it again. */
function repeat(file: string): void {
  const once = `${file}.once.mp4`;
  renameSync(file, once);
  ffmpeg(['-stream_loop', String(REPEATS.mp4 - 1), '-i', once, '-c', 'copy', file]);
  rmSync(once);
}

function drawing(colour: Colour, format: 'mp4' | 'mjpeg', output: string): string[] {
  const length = `r=${FPS[format]}:d=${SECONDS}`;
  const encoders = {
    mp4: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-pix_fmt', 'yuv420p'],
    mjpeg: ['-c:v', 'mjpeg', '-q:v', '5', '-pix_fmt', 'yuvj420p'],
  };
  return [
    ...['-f', 'lavfi', '-i', `color=c=${hexOf(colour)}:s=640x360:${length}`],
    ...['-f', 'lavfi', '-i', `color=c=white:s=40x30:${length}`],
    ...['-filter_complex', "[0][1]overlay=x='mod(t,4)*150':y=310"],
    ...encoders[format],
    output,
  ];
}
