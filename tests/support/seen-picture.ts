import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PNG } from 'pngjs';
import type { Rect } from '../../src/stage/layout/types.ts';
import { type Colour, type ColourName, nearestColour } from './picture.ts';

/** Of a tile, what is looked at to judge its colour. */
const MIDDLE_SHARE = 0.2;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture as somebody sees it, with its pixels. */
export class SeenPicture {
  readonly width: number;
  readonly height: number;
  /** What FFmpeg had to say against the stream it comes from. */
  readonly complaints: readonly string[];
  readonly #data: Buffer;

  constructor(png: Buffer, complaints: readonly string[] = []) {
    const { width, height, data } = PNG.sync.read(png);
    this.width = width;
    this.height = height;
    this.#data = data;
    this.complaints = complaints;
  }

  get all(): Rect {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  /** The colour in the middle of a rectangle. */
  colourOf(rect: Rect): ColourName | 'black' | 'grey' {
    return nearestColour(this.meanOf(middleOf(rect)));
  }

  meanOf(rect: Rect): Colour {
    const sums: [number, number, number] = [0, 0, 0];
    const pixels = this.#pixels(rect);
    for (const [red, green, blue] of pixels) {
      sums[0] += red;
      sums[1] += green;
      sums[2] += blue;
    }
    return sums.map(sum => sum / pixels.length) as unknown as Colour;
  }

  /** How much of a rectangle is of a colour, 0 to 1. */
  shareOf(colour: ColourName, rect: Rect): number {
    const pixels = this.#pixels(rect);
    return pixels.filter(pixel => nearestColour(pixel) === colour).length / pixels.length;
  }

  #pixels({ x, y, width, height }: Rect): Colour[] {
    const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
    const right = Math.min(this.width, Math.round(x + width));
    const pixels: Colour[] = [];
    for (let row = top; row < Math.min(this.height, Math.round(y + height)); row++) {
      for (let column = left; column < right; column++) {
        const at = (row * this.width + column) * 4;
        pixels.push([this.#data[at] ?? 0, this.#data[at + 1] ?? 0, this.#data[at + 2] ?? 0]);
      }
    }
    return pixels;
  }
}

/**
 * The last picture of a stream, by FFmpeg's own decoder.
 *
 * @param format of FFmpeg, like `h264`, `h263`, `mjpeg`
 * @param count of the coded pictures in the stream
 * @throws Error with what FFmpeg says when nothing can be decoded
 */
export async function lastPictureOf(
  stream: Buffer,
  format: string,
  count: number,
): Promise<SeenPicture> {
  const decoder = spawn('ffmpeg', [
    ...['-v', 'warning', '-f', format, '-i', 'pipe:0', '-fps_mode', 'passthrough'],
    ...['-vf', `select=gte(n\\,${count - 3})`, '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'],
  ]);
  const [pictures, words] = [[] as Buffer[], [] as Buffer[]];
  decoder.stdout.on('data', (data: Buffer) => pictures.push(data));
  decoder.stderr.on('data', (data: Buffer) => words.push(data));
  decoder.stdin.on('error', () => undefined); // FFmpeg ended early, and says why
  decoder.stdin.end(stream);
  await once(decoder, 'close');
  const output = Buffer.concat(pictures);
  const text = Buffer.concat(words).toString();
  const at = output.lastIndexOf(PNG_SIGNATURE);
  if (at < 0) throw new Error(`FFmpeg decodes nothing: ${text}`);
  const complaints = text.split('\n').filter(line => line.startsWith(`[${format}`));
  return new SeenPicture(output.subarray(at), complaints);
}

function middleOf({ x, y, width, height }: Rect): Rect {
  const margin = (1 - MIDDLE_SHARE) / 2;
  return {
    x: x + width * margin,
    y: y + height * margin,
    width: Math.max(1, width * MIDDLE_SHARE),
    height: Math.max(1, height * MIDDLE_SHARE),
  };
}
