/** Which pictures a decoder takes; RFC 6184 §8.1, ITU-T H.264 §A.3.1. */

export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Picture extends PictureSize {
  readonly fps: number;
}

export interface PictureLimits {
  /** Macroblocks per frame. */
  readonly maxFs: number;
  /** Macroblocks per second. */
  readonly maxMbps: number;
  readonly maxFps?: number | undefined;
}

/** What one payload's fmtp says of its decoder. */
export interface DecoderLimits extends PictureLimits {
  readonly maxBitrateBps?: number;
}

const MACROBLOCK_PX = 16;
/** A side has at most √(8 · MaxFS) macroblocks; ITU-T H.264 §A.3.1 f and g. */
const SIDE_FACTOR = 8;

/** Largest first; the last two are CIF and QCIF, for decoders that take no 16:9. */
const SIZES: readonly PictureSize[] = [
  { widthPx: 1920, heightPx: 1080 },
  { widthPx: 1280, heightPx: 720 },
  { widthPx: 1024, heightPx: 576 },
  { widthPx: 768, heightPx: 432 },
  { widthPx: 640, heightPx: 360 },
  { widthPx: 512, heightPx: 288 },
  { widthPx: 352, heightPx: 288 },
  { widthPx: 176, heightPx: 144 },
];

const FULL_RATE_FPS = 30;
/** Below this a larger picture is not worth its slowness. */
const WORTHWHILE_FPS = 15;

/** Macroblocks of one frame. */
export function macroblocks({ widthPx, heightPx }: PictureSize): number {
  return Math.ceil(widthPx / MACROBLOCK_PX) * Math.ceil(heightPx / MACROBLOCK_PX);
}

/** Whether a decoder of these limits takes this picture at this rate. */
export function fits(size: PictureSize, fps: number, limits: PictureLimits): boolean {
  const blocks = macroblocks(size);
  return (
    size.widthPx > 0 &&
    size.heightPx > 0 &&
    blocks <= limits.maxFs &&
    blocks * fps <= limits.maxMbps &&
    fps <= (limits.maxFps ?? Number.POSITIVE_INFINITY) &&
    Math.max(size.widthPx, size.heightPx) <= longestSidePx(limits.maxFs)
  );
}

/**
 * The largest usual picture that these limits take at 15 frames a second or
 * more, and the highest whole rate up to 30 for it; QCIF at whatever rate is
 * left when they take none.
 */
export function largestPicture(limits: PictureLimits): Picture {
  const floorFps = Math.min(WORTHWHILE_FPS, limits.maxFps ?? WORTHWHILE_FPS);
  const size = SIZES.find(candidate => fits(candidate, floorFps, limits)) ?? smallest();
  return { ...size, fps: fastest(size, limits) };
}

function fastest(size: PictureSize, limits: PictureLimits): number {
  const fps = Math.min(
    FULL_RATE_FPS,
    limits.maxFps ?? FULL_RATE_FPS,
    limits.maxMbps / macroblocks(size),
  );
  return Math.max(1, Math.floor(fps));
}

function longestSidePx(maxFs: number): number {
  return Math.floor(Math.sqrt(SIDE_FACTOR * maxFs)) * MACROBLOCK_PX;
}

function smallest(): PictureSize {
  return { widthPx: 176, heightPx: 144 };
}
