import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

export interface MovingPicture {
  /** Written across the picture; any text, it goes through a file. */
  readonly title: string;
  /** Like `0x1e5a8c`. */
  readonly colour: string;
  readonly seconds: number;
  /** How often it is played one after another: baresip shows no more of a file once it has ended. */
  readonly repeats: number;
}

const ENCODE_TIMEOUT_MS = 120_000;

/**
 * Makes a video file of a coloured, moving picture with a title, once: an
 * existing file is kept. Needs Debian's `ffmpeg`.
 * @throws Error with ffmpeg's words when it fails
 */
export async function ensureMovingPicture(file: string, picture: MovingPicture): Promise<void> {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const titleFile = `${file}.txt`;
  writeFileSync(titleFile, picture.title);
  const once = `${file}.once.mp4`;
  const draft = `${file}.draft.mp4`;
  await ffmpeg(ffmpegArguments(picture, titleFile, once));
  await ffmpeg(['-stream_loop', String(picture.repeats - 1), '-i', once, '-c', 'copy', draft]);
  rmSync(once);
  renameSync(draft, file);
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  await promisify(execFile)('ffmpeg', [...quiet, ...args], { timeout: ENCODE_TIMEOUT_MS });
}

/** A bar that crosses the picture in four seconds, a clock and the title. */
function ffmpegArguments(picture: MovingPicture, titleFile: string, output: string): string[] {
  const length = `r=25:d=${picture.seconds}`;
  const sources = [
    `color=c=${picture.colour}:s=640x360:${length}`,
    `color=c=white:s=60x40:${length}`,
  ];
  const filters = [
    "[0][1]overlay=x='mod(t,4)*160':y=290",
    `drawtext=textfile=${titleFile}:fontsize=40:fontcolor=white:x=(w-tw)/2:y=110`,
    "drawtext=text='%{pts\\:hms}':fontsize=28:fontcolor=white:x=(w-tw)/2:y=190",
  ];
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-pix_fmt', 'yuv420p'];
  return [
    ...sources.flatMap(source => ['-f', 'lavfi', '-i', source]),
    ...['-filter_complex', filters.join(','), ...encoder, output],
  ];
}
