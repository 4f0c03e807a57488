/** Text drawn by FFmpeg's drawtext, letters and diacritics as HarfBuzz sets them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FFmpegError, Filter, type FilterContext, FilterGraph, Frame } from 'node-av';

const FONT_FILE = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

export interface DrawnText {
  readonly text: string;
  readonly fontSize: number;
  /** As FFmpeg writes colours. */
  readonly color: string;
  /** An expression of drawtext: `(w-text_w)/2` is centred. */
  readonly x: string;
  readonly y: number;
  /** What is at `y`: the top of these letters, or of the highest there may be, so that lines agree. */
  readonly top?: 'text' | 'font';
}

export interface TextCanvas {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  /** As FFmpeg names it. */
  readonly pixelFormat: 'yuv420p' | 'gray';
}

/**
 * Draws texts on a plain picture, on FFmpeg's own threads; whoever asked frees the frame.
 *
 * @throws Error when FFmpeg cannot draw
 */
export async function drawTexts(canvas: TextCanvas, texts: readonly DrawnText[]): Promise<Frame> {
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-text-'));
  const graph = new FilterGraph();
  graph.alloc();
  try {
    const { width, height, background, pixelFormat } = canvas;
    let last = create(graph, 'color', `color=${background}:size=${width}x${height}:rate=1`);
    for (const [index, text] of texts.entries()) {
      const file = join(folder, `${index}.txt`);
      writeFileSync(file, text.text);
      last = chain(last, create(graph, 'drawtext', drawtext(text, file), `text${index}`));
    }
    last = chain(last, create(graph, 'format', `pix_fmts=${pixelFormat}`));
    const sink = chain(last, create(graph, 'buffersink'));
    FFmpegError.throwIfError(await graph.config(), 'text graph');
    const frame = new Frame();
    frame.alloc();
    FFmpegError.throwIfError(await sink.buffersinkGetFrame(frame), 'text frame');
    return frame;
  } finally {
    graph.free();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Text goes through a file: no character of it can be taken for a filter's syntax. */
function drawtext({ fontSize, color, x, y, top = 'text' }: DrawnText, textFile: string): string {
  const look = `fontfile=${escaped(FONT_FILE)}:fontsize=${fontSize}:fontcolor=${color}`;
  return `${look}:x=${x}:y=${y}:y_align=${top}:expansion=none:textfile=${escaped(textFile)}`;
}

/** A path as the value of a filter's option, FFmpeg's av_opt syntax. */
function escaped(path: string): string {
  return path.replace(/[\\:']/g, '\\$&');
}

function create(graph: FilterGraph, name: string, args?: string, as = name): FilterContext {
  const filter = Filter.getByName(name);
  const context = filter && graph.createFilter(filter, as, args ?? null);
  if (!context) throw new Error(`no filter ${name}`);
  return context;
}

function chain(from: FilterContext, to: FilterContext): FilterContext {
  FFmpegError.throwIfError(from.link(0, to, 0), 'text filter');
  return to;
}
