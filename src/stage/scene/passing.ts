import type { Endpoint } from './endpoint.ts';
import type { Source } from './source.ts';

/** Each decodes those before it as well; the first byte of a profile-level-id, RFC 6184 §8.1. */
const PROFILES = [66, 77, 100];
/** Cameras are lively: as much more than was negotiated is let through, not where the line is poor. */
const NEGOTIATED_TOLERANCE = 1.25;
/** What is passed on already is only given up for a good reason. */
const SHOWN_TOLERANCE = 1.15;
/** Cameras say nothing of their rate: it is counted, and until then taken to be this. */
const USUAL_FPS = 25;
/** Packets come in bursts, and so does what is counted in a second. */
const RATE_TOLERANCE = 1.1;

/** Whether an endpoint can be sent a camera as it is; without, it is decoded and composed. */
export function canPass(source: Source, endpoint: Endpoint): boolean {
  if (!understands(source, endpoint)) return false;
  const { rate, picture } = endpoint;
  const tolerance = rate.reason === 'negotiated' ? NEGOTIATED_TOLERANCE : 1;
  const shown = picture.shownId === source.id && !picture.canvas ? SHOWN_TOLERANCE : 1;
  return source.meanBitrateBps <= rate.maxBitrateBps * tolerance * shown;
}

/**
 * Whether an endpoint decodes a camera, as far as that is known: before the first key frame nothing
 * is, and each is looked at again.
 */
export function understands(source: Source, { terms }: Pick<Endpoint, 'terms'>): boolean {
  const { codec, limits } = terms;
  if (source.codec !== 'h264' || codec !== 'h264') return false;
  if (limits.packetizationMode === 0 && source.hasFragments) return false;
  const { macroblocks = 0, spsFacts } = source.stream;
  const fps = Math.max(USUAL_FPS, source.fps / RATE_TOLERANCE);
  if (macroblocks > limits.maxFs || macroblocks * fps > limits.maxMbps) return false;
  if (source.fps > (limits.maxFps ?? Number.POSITIVE_INFINITY) * RATE_TOLERANCE) return false;
  return !spsFacts || decodes(limits.profileLevelId, spsFacts.profileIdc);
}

/** Whether a receiver of one profile knows another; one that is not in the table only ours does. */
function decodes(profileLevelId: string, profileIdc: number): boolean {
  const taken = PROFILES.indexOf(Number.parseInt(profileLevelId.slice(0, 2), 16));
  const sent = PROFILES.indexOf(profileIdc);
  return sent >= 0 && sent <= Math.max(0, taken);
}
