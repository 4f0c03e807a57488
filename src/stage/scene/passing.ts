import type { Endpoint } from './endpoint.ts';
import type { Source } from './source.ts';

/** Each decodes those before it as well; the first byte of a profile-level-id, RFC 6184 §8.1. */
const PROFILES = [66, 77, 100];
/** Cameras are lively: as much more than was negotiated is let through, not where the line is poor. */
const NEGOTIATED_TOLERANCE = 1.25;
/** What is passed on already is only given up for a good reason. */
const SHOWN_TOLERANCE = 1.15;
const LOWEST_FPS = 25;

/** Whether an endpoint can be sent a camera as it is; without, it is decoded and composed. */
export function canPass(source: Source, { terms, rate, picture }: Endpoint): boolean {
  const { codec, limits } = terms;
  if (source.codec !== 'h264' || codec !== 'h264') return false;
  if (limits.packetizationMode === 0 && source.hasFragments) return false;
  const { macroblocks = 0, spsFacts } = source.stream;
  if (macroblocks > limits.maxFs || macroblocks * LOWEST_FPS > limits.maxMbps) return false;
  if (spsFacts && !decodes(limits.profileLevelId, spsFacts.profileIdc)) return false;
  const tolerance = rate.reason === 'negotiated' ? NEGOTIATED_TOLERANCE : 1;
  const shown = picture.shownId === source.id && !picture.canvas ? SHOWN_TOLERANCE : 1;
  return source.bitrateBps <= rate.maxBitrateBps * tolerance * shown;
}

/** Whether a receiver of one profile knows another; one that is not in the table only ours does. */
function decodes(profileLevelId: string, profileIdc: number): boolean {
  const taken = PROFILES.indexOf(Number.parseInt(profileLevelId.slice(0, 2), 16));
  const sent = PROFILES.indexOf(profileIdc);
  return sent >= 0 && sent <= Math.max(0, taken);
}
