/** What is left of our picture in each step of a bad line, and in each size that it is sent in. */
import type { PictureStep } from './uplink.ts';

/** For `RTCRtpSender.setParameters`. */
export interface EncodingLimits {
  readonly active: boolean;
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
}

/** Its height and width divided by, and its share of the bit rate; nothing is sent without a share. */
interface Left {
  readonly scale: number;
  readonly share: number;
}

interface LeftOfAll {
  /** Of a camera that is sent in one size. */
  readonly only: Left;
  /** Of a camera in two sizes: the full one goes first, then the small one gets less. */
  readonly full: Left;
  readonly small: Left;
}

const GONE: Left = { scale: 1, share: 0 };
const LEAST: LeftOfAll = {
  only: { scale: 4, share: 0.12 },
  full: GONE,
  small: { scale: 4, share: 0.12 },
};

const LEFT: Readonly<Record<PictureStep, LeftOfAll>> = {
  full: {
    only: { scale: 1, share: 1 },
    // Together below what a camera may take: else the room server’s limit would cost the large one.
    full: { scale: 1, share: 0.8 },
    small: { scale: 2, share: 0.17 },
  },
  smaller: { only: { scale: 1.5, share: 0.5 }, full: GONE, small: { scale: 2, share: 0.25 } },
  small: { only: { scale: 2, share: 0.25 }, full: GONE, small: { scale: 2, share: 0.17 } },
  tiny: LEAST,
  asking: LEAST,
  declined: LEAST,
  off: LEAST,
  offering: LEAST,
};

/** What is sent of a camera, the full size first. @param sizes in how many it is sent */
export function pictureLimits(
  step: PictureStep,
  sizes: number,
  maxBitrateBps: number,
): EncodingLimits[] {
  const { only, full, small } = LEFT[step];
  return (sizes === 1 ? [only] : [full, small]).map(({ scale, share }) => ({
    active: share > 0,
    scaleResolutionDownBy: scale,
    // A rate of 0 is refused, also of what is not sent.
    maxBitrate: Math.round(maxBitrateBps * (share || LEAST.only.share)),
  }));
}

/** What a camera would take in all its sizes. */
export function pictureBps(step: PictureStep, sizes: number, maxBitrateBps: number): number {
  return pictureLimits(step, sizes, maxBitrateBps).reduce(
    (sum, { active, maxBitrate }) => sum + (active ? maxBitrate : 0),
    0,
  );
}
