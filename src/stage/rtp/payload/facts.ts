/** In pixels, as it is shown. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What a payload carries, as far as switching needs it. */
export interface PayloadFacts {
  /** A key frame begins in it; for H.264 the first slice of an IDR picture. */
  readonly startsKeyframe: boolean;
  /** H.264 alone, as is the PPS. */
  readonly sps: Buffer | undefined;
  readonly pps: Buffer | undefined;
  /** Of the picture that begins in it, where the payload says so. */
  readonly size: PictureSize | undefined;
}

export const NO_FACTS: PayloadFacts = {
  startsKeyframe: false,
  sps: undefined,
  pps: undefined,
  size: undefined,
};

const MACROBLOCK = 16;

/** Macroblocks that a picture takes, also those that it fills in part. */
export function macroblocksOf({ width, height }: PictureSize): number {
  return Math.ceil(width / MACROBLOCK) * Math.ceil(height / MACROBLOCK);
}
