import type { Plane, Planes } from './ffmpeg.ts';

/** How many coefficients are how large: an entry for each size, the last for all beyond. */
export type Coefficients = Uint32Array;

export const LARGEST_COEFFICIENT = 1023;

const BLOCK = 8;
const BLOCK_AREA = BLOCK ** 2;
/** Of the blocks of a row one in so many is looked at, each row from the next on: these tell enough. */
const BLOCK_INTERVAL = 4;
/** What the transform gives is as much too large. */
const SCALE_BITS = 3;

interface KeptPlane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Tells what pictures of one size hold, and how they differ from the one before: the coefficients of
 * a Hadamard transform, which are about as large as those of the encoder and take additions alone.
 * What is returned is live until the same is asked again.
 */
export class ComplexityMeter {
  readonly #kept: readonly KeptPlane[];
  readonly #texture: Coefficients = new Uint32Array(LARGEST_COEFFICIENT + 1);
  readonly #change: Coefficients = new Uint32Array(LARGEST_COEFFICIENT + 1);
  readonly #block = new Int32Array(BLOCK_AREA);

  constructor(width: number, height: number) {
    const chroma = [width / 2, height / 2] as const;
    this.#kept = [[width, height] as const, chroma, chroma].map(size => keptPlane(...size));
  }

  /** Of the picture itself, without the mean of each block. */
  textureOf(picture: Planes): Coefficients {
    return this.#measure(picture, this.#texture, false);
  }

  /** Of what differs from the picture that was kept. */
  changeOf(picture: Planes): Coefficients {
    return this.#measure(picture, this.#change, true);
  }

  /** The next pictures are measured against this one. */
  keep(picture: Planes): void {
    for (const [index, { data, width, height }] of this.#kept.entries()) {
      const plane = picture[index];
      for (let y = 0; plane && y < height; y += 1)
        data.set(plane.data.subarray(y * plane.stride, y * plane.stride + width), y * width);
    }
  }

  #measure(picture: Planes, found: Coefficients, isChange: boolean): Coefficients {
    found.fill(0);
    for (const [index, kept] of this.#kept.entries()) {
      const plane = picture[index];
      if (!plane) continue;
      for (let row = 0; (row + 1) * BLOCK <= kept.height; row += 1)
        for (let at = row % BLOCK_INTERVAL; (at + 1) * BLOCK <= kept.width; at += BLOCK_INTERVAL) {
          this.#read(plane, kept, at * BLOCK, row * BLOCK, isChange);
          transform(this.#block);
          if (!isChange) this.#block[0] = 0;
          count(found, this.#block);
        }
    }
    return found;
  }

  #read(plane: Plane, kept: KeptPlane, left: number, top: number, isChange: boolean): void {
    for (let y = 0; y < BLOCK; y += 1)
      for (let x = 0; x < BLOCK; x += 1) {
        const sample = plane.data[(top + y) * plane.stride + left + x] ?? 0;
        const before = isChange ? (kept.data[(top + y) * kept.width + left + x] ?? 0) : 0;
        this.#block[y * BLOCK + x] = sample - before;
      }
  }
}

function keptPlane(width: number, height: number): KeptPlane {
  return { width, height, data: new Uint8Array(width * height) };
}

function count(found: Coefficients, block: Int32Array): void {
  for (const coefficient of block) {
    const size = Math.min(LARGEST_COEFFICIENT, Math.abs(coefficient) >> SCALE_BITS);
    found[size] = (found[size] ?? 0) + 1;
  }
}

/** In place, by butterflies: one transform of 64 is that of 8 rows and 8 columns. */
function transform(block: Int32Array): void {
  for (let step = 1; step < BLOCK_AREA; step *= 2)
    for (let from = 0; from < BLOCK_AREA; from += 2 * step)
      for (let at = from; at < from + step; at += 1) {
        const [a, b] = [block[at] ?? 0, block[at + step] ?? 0];
        block[at] = a + b;
        block[at + step] = a - b;
      }
}
