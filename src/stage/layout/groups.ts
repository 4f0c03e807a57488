/**
 * Profile groups: what a receiver's stream can look like. Receivers of one group that see the
 * same share one encoder, so there are few groups, and a receiver gets the best that it takes.
 */
import type { EndpointVideoCodec } from '../../contract/stage.ts';
import { fits } from '../../sdp/picture.ts';
import { usualPixelAspect } from './rectangles.ts';
import type { Canvas, PixelAspect } from './types.ts';

/** H.261 is only ever received. */
export type ComposedCodec = Exclude<EndpointVideoCodec, 'h261'>;

export interface GroupLimits {
  readonly codec: ComposedCodec;
  /** Of H.264 alone. */
  readonly packetizationMode: 0 | 1;
  /** Macroblocks per frame, per second. */
  readonly maxFs: number;
  readonly maxMbps: number;
  readonly maxFps?: number | undefined;
  /** Of the picture alone: sound has had its share. */
  readonly maxBitrateBps: number;
}

/** What the administrator allows, whatever a receiver takes. */
export interface AllowedPictures {
  readonly maxHeight: number;
  readonly maxFps: 25 | 30;
}

export interface Group extends Canvas {
  readonly codec: ComposedCodec;
  readonly fps: number;
  readonly bitrateBps: number;
  /** 0 where the codec knows no modes. */
  readonly packetizationMode: 0 | 1;
  /** H.264 level as x264 writes it. */
  readonly level?: string;
  readonly pixelAspect: PixelAspect;
}

interface Rung {
  readonly size: readonly [width: number, height: number];
  readonly bitrateBps: number;
  /** `full` is the rate that is allowed; a large picture is not worth having at less. */
  readonly rate: 'full' | 'low';
  /** Of H.264: the lowest level of ITU-T H.264 Table A-1 that holds size, rate and bit rate. */
  readonly level?: string;
}

const LOW_FPS = 15;
/** For receivers that take full rate, and not quite 30 frames a second. */
const FULL_FPS = 25;

/** What every decoder takes; its level holds no higher bit rate. */
const LEAST: Rung = { size: [176, 144], rate: 'low', bitrateBps: 64_000, level: '1' };
const LEAST_MACROBLOCKS = 99;
/** A limit of 30 a second is meant by who counts 30 000 in 1001 s, and one of 15 by H.263's CIF=2. */
const COUNTED = 0.999;
const LEAST_STEP_BPS = 8_000;

/** Best first; each has a lower bit rate than the one before. */
const H264_RUNGS: readonly Rung[] = [
  { size: [1920, 1080], rate: 'full', bitrateBps: 4_000_000, level: '4' },
  { size: [1920, 1080], rate: 'full', bitrateBps: 2_500_000, level: '4' },
  { size: [1280, 720], rate: 'full', bitrateBps: 1_500_000, level: '3.1' },
  { size: [1280, 720], rate: 'full', bitrateBps: 900_000, level: '3.1' },
  { size: [768, 448], rate: 'full', bitrateBps: 700_000, level: '3' },
  { size: [768, 448], rate: 'full', bitrateBps: 420_000, level: '3' },
  { size: [512, 288], rate: 'full', bitrateBps: 300_000, level: '2.1' },
  { size: [352, 288], rate: 'full', bitrateBps: 256_000, level: '1.3' },
  { size: [352, 288], rate: 'low', bitrateBps: 160_000, level: '1.2' },
  { size: [352, 288], rate: 'low', bitrateBps: 112_000, level: '1.2' },
  LEAST,
];

/** Sizes that every H.263 decoder has; RFC 4629 §8.1.1. */
const H263_RUNGS: readonly Rung[] = [
  { size: [352, 288], rate: 'full', bitrateBps: 384_000 },
  { size: [352, 288], rate: 'low', bitrateBps: 256_000 },
  { size: [352, 288], rate: 'low', bitrateBps: 160_000 },
  LEAST,
];

const RUNGS: Record<ComposedCodec, { readonly rungs: readonly Rung[]; readonly maxFps: number }> = {
  h264: { rungs: H264_RUNGS, maxFps: 30 },
  h263: { rungs: H263_RUNGS, maxFps: 25 },
  'h263-1998': { rungs: H263_RUNGS, maxFps: 25 },
};

/** The best group a receiver can be in. */
export function groupFor(limits: GroupLimits, allowed: AllowedPictures): Group {
  return rungs(limits, allowed)[0];
}

/** All groups a receiver could be in, best first; never none. */
export function rungs(limits: GroupLimits, allowed: AllowedPictures): [Group, ...Group[]] {
  const table = RUNGS[limits.codec];
  const maxFps = Math.min(table.maxFps, allowed.maxFps);
  const [best, ...others] = table.rungs
    .filter(rung => rung.size[1] <= allowed.maxHeight && rung.bitrateBps <= limits.maxBitrateBps)
    .flatMap(rung => {
      const fps = fastest(rung, limits, maxFps);
      return fps === undefined ? [] : [groupOf(rung, limits, fps)];
    });
  return best ? [best, ...others] : [leastOf(limits)];
}

/** Text like `h264 1280x720@25 1500k mode1`: equal for the same group and for no other. */
export function groupKey(group: Group): string {
  const { codec, width, height, fps, bitrateBps, packetizationMode } = group;
  const mode = codec === 'h264' ? ` mode${packetizationMode}` : '';
  return `${codec} ${width}x${height}@${fps} ${bitrateBps / 1000}k${mode}`;
}

function fastest({ size, rate }: Rung, limits: GroupLimits, maxFps: number): number | undefined {
  const [widthPx, heightPx] = size;
  const atMost = Math.max(1, Math.round((limits.maxFps ?? maxFps) - 0.4));
  const rates = rate === 'low' ? [LOW_FPS] : [maxFps, FULL_FPS];
  return rates
    .map(fps => Math.min(fps, atMost))
    .find(fps => fits({ widthPx, heightPx }, fps * COUNTED, limits));
}

function groupOf({ size, bitrateBps, level }: Rung, limits: GroupLimits, fps: number): Group {
  const [width, height] = size;
  const { codec } = limits;
  return {
    codec,
    width,
    height,
    fps,
    bitrateBps,
    packetizationMode: codec === 'h264' ? limits.packetizationMode : 0,
    ...(codec === 'h264' && level !== undefined && { level }),
    pixelAspect: usualPixelAspect({ width, height }),
  };
}

/** So that a limit that wavers does not make a group of each of its values. */
function inSteps(bitrateBps: number): number {
  return bitrateBps < LEAST_STEP_BPS ? bitrateBps : bitrateBps - (bitrateBps % LEAST_STEP_BPS);
}

/** For limits below all rungs: QCIF, as slow and as coarse as they ask. */
function leastOf(limits: GroupLimits): Group {
  const { maxMbps, maxFps = LOW_FPS } = limits;
  const fps = Math.floor(Math.min(LOW_FPS, maxMbps / LEAST_MACROBLOCKS, maxFps));
  return {
    ...groupOf(LEAST, limits, Math.max(1, fps)),
    bitrateBps: Math.min(LEAST.bitrateBps, inSteps(limits.maxBitrateBps)),
  };
}
