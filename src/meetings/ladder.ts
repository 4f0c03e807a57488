import type { EndReason } from '../domain/call.ts';
import type { EndpointId } from '../domain/ids.ts';

/** How a site is called: each endpoint in turn, and all of them again after a while. */
export interface Ladder {
  /** Main ones first. */
  readonly endpointIds: readonly EndpointId[];
  /** How often all of them are tried. */
  readonly rounds: number;
  /** Between two rounds. */
  readonly retryAfterMs: number;
}

/** Where on its ladder a site is. */
export interface SitePosition {
  readonly round: number;
  /** Index of the endpoint. */
  readonly step: number;
}

export const BOTTOM: SitePosition = { round: 0, step: 0 };

/** What comes after a call that did not get through. */
export type NextRung =
  | { readonly kind: 'call'; readonly position: SitePosition; readonly waitMs: number }
  | { readonly kind: 'give-up' };

/** A person there said no: asking again at once, or at the backup, would be rude. */
const FINAL: readonly EndReason[] = ['peer-declined'];

export function nextRung(ladder: Ladder, at: SitePosition, reason: EndReason): NextRung {
  if (FINAL.includes(reason)) return { kind: 'give-up' };
  const step = at.step + 1;
  if (step < ladder.endpointIds.length)
    return { kind: 'call', position: { ...at, step }, waitMs: 0 };
  const round = at.round + 1;
  if (round >= ladder.rounds) return { kind: 'give-up' };
  return { kind: 'call', position: { round, step: 0 }, waitMs: ladder.retryAfterMs };
}

/** Ends of a connected call that somebody wanted; after any other the site is called again. */
const WANTED_ENDS: readonly EndReason[] = [
  'peer-hangup',
  'room-hangup',
  'operator',
  'cancelled',
  'peer-declined',
];

/** Whether a call that stood was cut by a fault. */
export function isFault(reason: EndReason): boolean {
  return !WANTED_ENDS.includes(reason);
}
