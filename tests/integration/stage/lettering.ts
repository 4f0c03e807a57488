import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const FONT_FILE = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const WIDTH = 900;
const INK = 40;

/** Brightness, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly points: readonly number[];
}

/** A text as the FFmpeg command line writes it, white on black, no larger than its ink. */
export function lettering(text: string, fontSize: number): Grey {
  const height = fontSize * 2;
  const look = `fontfile=${FONT_FILE}:fontsize=${fontSize}:fontcolor=white:x=10:y=10`;
  const grey = execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${WIDTH}x${height}`, '-frames:v', '1'],
    ...['-vf', `drawtext=${look}:text='${text}'`, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
  ]);
  const inked = [...grey.keys()].filter(at => (grey[at] ?? 0) > INK);
  const columns = inked.map(at => at % WIDTH);
  const rows = inked.map(at => Math.floor(at / WIDTH));
  const [left, right, top, bottom] = [
    Math.min(...columns),
    Math.max(...columns),
    Math.min(...rows),
    Math.max(...rows),
  ];
  return cut({ width: WIDTH, height, points: [...grey] }, left, top, {
    width: right - left + 1,
    height: bottom - top + 1,
  });
}

/** How well a text is found within a picture, at its best place: 1 is exactly, 0 not at all. */
export function found(text: Grey, within: Grey): number {
  let best = 0;
  for (let top = 0; top + text.height <= within.height; top += 1)
    for (let left = 0; left + text.width <= within.width; left += 1)
      best = Math.max(best, correlation(text, within, left, top));
  return best;
}

function cut(
  { width, points }: Grey,
  left: number,
  top: number,
  size: { readonly width: number; readonly height: number },
): Grey {
  const rows = Array.from({ length: size.height }, (_, row) => {
    const start = (top + row) * width + left;
    return points.slice(start, start + size.width);
  });
  return { width: size.width, height: size.height, points: rows.flat() };
}

/** Pearson's, of a text with what is at a place: thousands of points at hundreds of places. */
function correlation(text: Grey, within: Grey, left: number, top: number): number {
  const count = text.width * text.height;
  let [sumA, sumB, both, squaresA, squaresB] = [0, 0, 0, 0, 0];
  for (let row = 0; row < text.height; row += 1)
    for (let column = 0; column < text.width; column += 1) {
      const a = text.points[row * text.width + column] ?? 0;
      const b = within.points[(top + row) * within.width + left + column] ?? 0;
      sumA += a;
      sumB += b;
      both += a * b;
      squaresA += a * a;
      squaresB += b * b;
    }
  const spread = (squaresA - sumA ** 2 / count) * (squaresB - sumB ** 2 / count);
  return spread > 0 ? (both - (sumA * sumB) / count) / Math.sqrt(spread) : 0;
}
