import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';

/** A picture by the FFmpeg command line, which is not the FFmpeg that the stage works with. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** Three octets for each point, row by row. */
  readonly rgb: Buffer;
  /** What the decoder had to say against the stream on the way to this picture. */
  readonly complaints: readonly string[];
}

/** Of the end of a stream so many pictures are looked at: a decoder may hold the last ones back. */
const LOOKED_AT = 3;
const COMPLAINT = /^\[(h264|vp8|h263|mjpeg)/;

/**
 * The last picture of a stream.
 *
 * @param format of FFmpeg, like `h264`, `h263`, `mjpeg`
 * @param count of the coded pictures in the stream, where it is long
 * @throws Error with what FFmpeg says when nothing can be decoded
 */
export async function lastPicture(
  stream: Buffer,
  format: string,
  count = 0,
): Promise<DecodedPicture> {
  const decoder = spawn('ffmpeg', [
    ...['-v', 'warning', '-f', format, '-i', 'pipe:0', '-fps_mode', 'passthrough'],
    ...['-vf', `select=gte(n\\,${count - LOOKED_AT})`, '-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1'],
  ]);
  decoder.stdin.on('error', () => undefined); // FFmpeg ended early, and says why
  decoder.stdin.end(stream);
  const [pictures, words] = await Promise.all([buffer(decoder.stdout), text(decoder.stderr)]);
  const last = lastOf(pictures);
  if (!last) throw new Error(`FFmpeg decodes nothing: ${words}`);
  return { ...last, complaints: words.split('\n').filter(line => COMPLAINT.test(line)) };
}

/** The last of pictures one behind the other, in PPM. */
function lastOf(pictures: Buffer): Omit<DecodedPicture, 'complaints'> | undefined {
  let at = 0;
  let last: Omit<DecodedPicture, 'complaints'> | undefined;
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
