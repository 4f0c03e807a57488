/** For how long somebody is given the floor, in minutes; 0 is without a limit. */
export const FLOOR_LIMITS_MIN = [0, 1, 2, 3, 5, 10] as const;

/** The act that gives the floor for so long. */
export function giveFloor(participantId: string, limitMin: number) {
  const limit = limitMin > 0 && { limitSec: limitMin * 60 };
  return { do: 'give-floor', participantId, ...limit } as const;
}
