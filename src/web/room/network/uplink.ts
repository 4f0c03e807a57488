/**
 * What we send over a bad line: first a smaller picture, then, when the person agrees, no picture,
 * and thinner sound last. Back again step by step, and slowly.
 *
 *   full ⇄ smaller ⇄ small ⇄ tiny ──worse──▶ asking ──agree──▶ off ──better──▶ offering
 *                              ▲               │                ▲                │  │
 *                              ├────better─────┤                └─────worse──────┘  │
 *                              └──── declined ◀┘ decline            agree: tiny ◀───┤
 *                                                                  decline: full ◀──┘
 */
import type { Grade } from './judge.ts';

export type PictureStep =
  | 'full'
  | 'smaller'
  | 'small'
  | 'tiny'
  /** The person is asked whether the camera may be turned off. */
  | 'asking'
  | 'declined'
  /** Turned off for the line's sake. */
  | 'off'
  /** The line is good again: the person is asked whether the camera may be turned on. */
  | 'offering';

type UplinkEvent = 'worse' | 'better' | 'agree' | 'decline' | 'camera-on' | 'camera-off';

const STEPS: Readonly<Record<PictureStep, Partial<Record<UplinkEvent, PictureStep>>>> = {
  full: { worse: 'smaller' },
  smaller: { worse: 'small', better: 'full' },
  small: { worse: 'tiny', better: 'smaller' },
  tiny: { worse: 'asking', better: 'small' },
  asking: { agree: 'off', decline: 'declined', better: 'tiny', 'camera-off': 'tiny' },
  declined: { better: 'tiny', 'camera-off': 'tiny' },
  off: { better: 'offering', 'camera-on': 'tiny' },
  offering: { worse: 'off', agree: 'tiny', decline: 'full', 'camera-on': 'tiny' },
};

/** Looks in a row, one every two seconds. */
const WORSE_AFTER = 3;
const BETTER_AFTER = 8;
const MAX_BETTER_AFTER = 64;

export interface Uplink {
  readonly picture: PictureStep;
  readonly sound: 'full' | 'thin';
  readonly badLooks: number;
  readonly goodLooks: number;
  /** Good looks that the next step up takes: more each time one was too much. */
  readonly betterAfter: number;
  readonly lastMove: 'up' | 'down';
}

export const FULL_UPLINK: Uplink = {
  picture: 'full',
  sound: 'full',
  badLooks: 0,
  goodLooks: 0,
  betterAfter: BETTER_AFTER,
  lastMove: 'down',
};

/** After one look at the line. @param sendsPicture the camera is there and on */
export function lookedAt(uplink: Uplink, grade: Grade, sendsPicture: boolean): Uplink {
  const badLooks = grade === 'bad' ? uplink.badLooks + 1 : 0;
  const goodLooks = grade === 'good' ? uplink.goodLooks + 1 : 0;
  const counted = { ...uplink, badLooks, goodLooks };
  if (badLooks >= WORSE_AFTER) return worse(counted, sendsPicture);
  if (goodLooks >= uplink.betterAfter) return better(counted);
  return counted;
}

/** After something that the person did. */
export function personDid(uplink: Uplink, deed: Exclude<UplinkEvent, 'worse' | 'better'>): Uplink {
  const picture = STEPS[uplink.picture][deed];
  return picture === undefined ? uplink : moved(uplink, { picture });
}

function worse(uplink: Uplink, sendsPicture: boolean): Uplink {
  const { picture, sound, lastMove, betterAfter } = uplink;
  const wasTooMuch = lastMove === 'up';
  const patience = wasTooMuch ? Math.min(MAX_BETTER_AFTER, betterAfter * 2) : betterAfter;
  const next = sendsPicture || picture === 'offering' ? STEPS[picture].worse : undefined;
  const change = next === undefined && !sendsPicture ? { sound: 'thin' as const } : {};
  const isChanged = next !== undefined || (change.sound ?? sound) !== sound;
  if (!isChanged) return { ...uplink, badLooks: 0 };
  const step = next === undefined ? change : { picture: next };
  return moved({ ...uplink, betterAfter: patience, lastMove: 'down' }, step);
}

function better(uplink: Uplink): Uplink {
  const { picture, sound } = uplink;
  if (sound === 'thin') return moved({ ...uplink, lastMove: 'up' }, { sound: 'full' });
  const next = STEPS[picture].better;
  if (next !== undefined) return moved({ ...uplink, lastMove: 'up' }, { picture: next });
  return { ...uplink, goodLooks: 0, betterAfter: BETTER_AFTER, lastMove: 'down' };
}

function moved(uplink: Uplink, change: Partial<Uplink>): Uplink {
  return { ...uplink, ...change, badLooks: 0, goodLooks: 0 };
}
