/** The time of who has the floor. */
import type { SpeakingOrderView } from '../../contract/speaking-order.ts';

/** The last part of a limit, in which it is time to finish. */
const SOON_SEC = 30;

/** `left` of the limit, `soon` not much of it, `over` the limit, or how `long` where there is none. */
export interface FloorClock {
  readonly is: 'left' | 'soon' | 'over' | 'long';
  readonly seconds: number;
}

/** @param nowMs by the gateway's clock */
export function floorClock(
  { sinceMs, endsAtMs }: NonNullable<SpeakingOrderView['floor']>,
  nowMs: number,
): FloorClock {
  if (endsAtMs === undefined)
    return { is: 'long', seconds: Math.max(0, Math.floor((nowMs - sinceMs) / 1000)) };
  if (nowMs >= endsAtMs) return { is: 'over', seconds: Math.floor((nowMs - endsAtMs) / 1000) };
  const seconds = Math.ceil((endsAtMs - nowMs) / 1000);
  return { is: seconds <= SOON_SEC ? 'soon' : 'left', seconds };
}

/** `2:05`, or `1:02:05` from an hour on. */
export function clockText(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(seconds % 60)}`;
}
