/**
 * Who came and when they went, as pure functions; kept beside the roll, which a person may change
 * and sign. Who is back soon was not away: a page that was loaded anew, a line that was lost.
 */
import type { Presence } from '../contract/records.ts';
import type { Participant } from '../domain/conference.ts';

/** Who comes again within this time goes on where they were. */
export const BACK_WITHIN_MS = 60_000;
/** A line that comes and goes all day must not fill the database. */
const MAX_PRESENCES = 5_000;

/**
 * The comings and goings after a look at who is here. The same array when nothing is new.
 *
 * People are known by their name, as in the roll.
 */
export function withComings(
  known: readonly Presence[],
  participants: readonly Participant[],
  nowMs: number,
): readonly Presence[] {
  const here = new Set<string>(participants.map(({ id }) => id));
  const rows = known.map(one =>
    one.wentAtMs === undefined && !here.has(one.id) ? { ...one, wentAtMs: nowMs } : one,
  );
  const isHere = new Set(rows.filter(({ wentAtMs }) => wentAtMs === undefined).map(({ id }) => id));
  for (const who of participants.filter(({ id }) => !isHere.has(id))) {
    const at = rows.findLastIndex(row => isBack(row, who, nowMs));
    const before = rows[at];
    if (before) rows[at] = backAs(before, who);
    else if (rows.length < MAX_PRESENCES) rows.push(presenceOf(who));
  }
  const isSame = rows.length === known.length && rows.every((row, at) => row === known[at]);
  return isSame ? known : rows;
}

/** The meeting is over: nobody is here any more. */
export function allGone(known: readonly Presence[], atMs: number): readonly Presence[] {
  return known.map(one => (one.wentAtMs === undefined ? { ...one, wentAtMs: atMs } : one));
}

function isBack({ kind, name, wentAtMs }: Presence, who: Participant, nowMs: number): boolean {
  if (wentAtMs === undefined || nowMs - wentAtMs > BACK_WITHIN_MS) return false;
  return kind === kindOf(who) && name === who.name;
}

function backAs({ wentAtMs: _, ...before }: Presence, { id }: Participant): Presence {
  return { ...before, id };
}

function presenceOf(who: Participant): Presence {
  return { id: who.id, kind: kindOf(who), name: who.name, cameAtMs: who.joinedAtMs };
}

function kindOf({ siteId }: Participant): Presence['kind'] {
  return siteId === undefined ? 'person' : 'site';
}
