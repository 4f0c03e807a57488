/** H.264 parameters in SDP, RFC 6184 §8.1, and the limits of each level, ITU-T H.264 Table A-1. */

export interface H264Parameters {
  /** Lower case, six hex digits. */
  readonly profileLevelId: string;
  readonly packetizationMode: 0 | 1 | 2;
  /** Macroblocks per frame, per second; from the level unless the peer says more. */
  readonly maxFs: number;
  readonly maxMbps: number;
  readonly maxBitrateBps: number;
  /** Cisco's max-fps, where it is there. */
  readonly maxFps?: number;
  readonly levelAsymmetryAllowed: boolean;
}

type Limits = readonly [maxMbps: number, maxFs: number, maxBitrateBps: number];

/** level_idc → MaxMBPS, MaxFS, MaxBR in bit/s for baseline (cpbBrVclFactor 1000); Table A-1. */
const LEVELS: Record<number, Limits> = {
  9: [1485, 99, 128_000], // 1b
  10: [1485, 99, 64_000],
  11: [3000, 396, 192_000],
  12: [6000, 396, 384_000],
  13: [11_880, 396, 768_000],
  20: [11_880, 396, 2_000_000],
  21: [19_800, 792, 4_000_000],
  22: [20_250, 1620, 4_000_000],
  30: [40_500, 1620, 10_000_000],
  31: [108_000, 3600, 14_000_000],
  32: [216_000, 5120, 20_000_000],
  40: [245_760, 8192, 20_000_000],
  41: [245_760, 8192, 50_000_000],
  42: [522_240, 8704, 50_000_000],
  50: [589_824, 22_080, 135_000_000],
  51: [983_040, 36_864, 240_000_000],
  52: [2_073_600, 36_864, 240_000_000],
  60: [4_177_920, 139_264, 240_000_000],
  61: [8_355_840, 139_264, 480_000_000],
  62: [16_711_680, 139_264, 800_000_000],
};

const LOWEST_LIMITS: Limits = [1485, 99, 64_000];
const LEVEL_1B_IDC = 9;
const CONSTRAINT_SET3 = 0x10;
const LEVEL_1B_PROFILES = ['42', '4d', '58'];
/** What an H.264 line without profile-level-id means: baseline 1; RFC 6184 §8.1. */
const DEFAULT_PROFILE_LEVEL_ID = '42000a';
const BASELINE_PROFILE_IDC = '42';
/** Baseline, main, high. */
const COMMON_PROFILE_IDCS = [BASELINE_PROFILE_IDC, '4d', '64'];
/** Unit of max-br: 1000 bit/s; RFC 6184 §8.1. */
const MAX_BR_UNIT_BPS = 1000;

/** Unit of Cisco's max-fps: a hundredth of a frame per second. */
const MAX_FPS_UNIT = 100;

/**
 * Reads an fmtp value; what it lacks or garbles falls back to the level's own.
 * Never throws.
 *
 * @param unsaid the profile-level-id that is meant where there is none
 */
export function readH264(fmtp: string, unsaid = DEFAULT_PROFILE_LEVEL_ID): H264Parameters {
  const fields = readFmtp(fmtp);
  const profileLevelId = readProfileLevelId(fields.get('profile-level-id')) ?? unsaid;
  const maxFps = readMaxFps(fields.get('max-fps'));
  const [maxMbps, maxFs, maxBitrateBps] = levelLimits(profileLevelId);
  const mode = Number(fields.get('packetization-mode') ?? 0);
  return {
    profileLevelId,
    packetizationMode: mode === 1 || mode === 2 ? mode : 0,
    maxFs: atLeast(maxFs, fields.get('max-fs')),
    maxMbps: atLeast(maxMbps, fields.get('max-mbps')),
    maxBitrateBps: atLeast(maxBitrateBps, fields.get('max-br'), MAX_BR_UNIT_BPS),
    ...(maxFps !== undefined && { maxFps }),
    levelAsymmetryAllowed: fields.get('level-asymmetry-allowed') === '1',
  };
}

/** Whether an fmtp says which profile and level it is about. */
export function saysProfile(fmtp: string): boolean {
  return readProfileLevelId(readFmtp(fmtp).get('profile-level-id')) !== undefined;
}

/** Baseline and constrained baseline: what every endpoint decodes. */
export function isBaseline({ profileLevelId }: H264Parameters): boolean {
  return profileLevelId.startsWith(BASELINE_PROFILE_IDC);
}

/** Profiles a browser decodes too; not 4:2:2, 4:4:4, scalable or extended. */
export function isCommonProfile({ profileLevelId }: H264Parameters): boolean {
  return COMMON_PROFILE_IDCS.includes(profileLevelId.slice(0, 2));
}

/** Semicolons separate; spaces and commas too where a device forgot them. */
function readFmtp(fmtp: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const part of fmtp.replace(/ ?= ?/g, '=').split(/[;,\s]+/)) {
    const [name, value] = part.toLowerCase().split('=');
    if (name && value) fields.set(name, value);
  }
  return fields;
}

function readProfileLevelId(text: string | undefined): string | undefined {
  return text && /^[0-9a-f]{6}$/.test(text) ? text : undefined;
}

/** Only a rate that a picture could have; others mean the field is something else. */
function readMaxFps(text: string | undefined): number | undefined {
  const fps = Number(text) / MAX_FPS_UNIT;
  return fps >= 1 && fps <= 300 ? fps : undefined;
}

function levelLimits(profileLevelId: string): Limits {
  const level = levelIdc(profileLevelId);
  const known = Object.keys(LEVELS)
    .map(Number)
    .filter(idc => idc <= level);
  return LEVELS[Math.max(...known)] ?? LOWEST_LIMITS;
}

/** Level 1b of the baseline family is written as 1.1 with constraint_set3; H.264 §A.3.1. */
function levelIdc(profileLevelId: string): number {
  const level = Number.parseInt(profileLevelId.slice(4), 16);
  const constraints = Number.parseInt(profileLevelId.slice(2, 4), 16);
  const is1b = level === 11 && (constraints & CONSTRAINT_SET3) !== 0;
  return is1b && LEVEL_1B_PROFILES.includes(profileLevelId.slice(0, 2)) ? LEVEL_1B_IDC : level;
}

/** A max-* parameter only ever raises the level's limit; RFC 6184 §8.1. */
function atLeast(limit: number, text: string | undefined, unit = 1): number {
  const value = Number(text) * unit;
  return Number.isSafeInteger(value) && value > limit ? value : limit;
}
