/**
 * The rows of a roll call, as pure functions. A row follows who is connected until a person marks
 * it; from then on it is theirs. Who was there once stays present, whatever the line does.
 */
import type { RollChange, RollMark, RollRow } from '../contract/records.ts';
import type { Participant } from '../domain/conference.ts';
import type { ParticipantId } from '../domain/ids.ts';
import type { Run } from './ports.ts';

/** Who comes later than this after the start is late. */
export const LATE_AFTER_MS = 10 * 60_000;

/** Which participant a row is about now, by the row's id. */
export type Connected = ReadonlyMap<string, ParticipantId>;

/** A row for each site of a conference; nobody has been seen yet. */
export function emptyRoll(sites: Run['sites']): RollRow[] {
  return sites.map(({ siteId, name }) => {
    return { id: siteId, kind: 'site', name, mark: 'unmarked', byHand: false };
  });
}

/**
 * The rows once more sites are in the conference, or fewer: those of the conference first, in its
 * order. Who was there or was marked stays.
 */
export function withSites(rows: readonly RollRow[], sites: Run['sites']): RollRow[] {
  const wanted = new Set<string>(sites.map(({ siteId }) => siteId));
  const planned = emptyRoll(sites).map(empty => rows.find(({ id }) => id === empty.id) ?? empty);
  const others = rows.filter(({ id, mark }) => !wanted.has(id) && mark !== 'unmarked');
  return [...planned, ...others];
}

/**
 * The rows after a look at who is connected: who has come is marked, and who has no row gets one.
 * The same array when nothing is new.
 *
 * @param dueAtMs when the meeting was to begin
 */
export function withArrivals(
  rows: readonly RollRow[],
  participants: readonly Participant[],
  dueAtMs: number,
): readonly RollRow[] {
  const links = linked(rows, participants);
  const news = [...links].filter(([id]) => rows.every(row => row.id !== id));
  const added = news.map(([id, who]): RollRow => {
    const kind = who.siteId === undefined ? 'person' : 'site';
    return { id, kind, name: who.name, mark: 'unmarked', byHand: false };
  });
  const all = [...rows, ...added].map(row => arrived(row, links.get(row.id), dueAtMs));
  const isSame = all.length === rows.length && all.every((row, index) => row === rows[index]);
  return isSame ? rows : all;
}

/** Which participant each row is about, of those who are connected. */
export function connectedRows(
  rows: readonly RollRow[],
  participants: readonly Participant[],
): Connected {
  return new Map([...linked(rows, participants)].map(([rowId, { id }]) => [rowId, id]));
}

/** A row as a person wants it; `unmarked` gives it back to who is connected. */
export function withChange(row: RollRow, { mark, headcount, note }: RollChange): RollRow {
  const { headcount: _, note: __, ...rest } = row;
  const people = headcount === undefined ? row.headcount : (headcount ?? undefined);
  const remark = note === undefined ? row.note : note || undefined;
  return {
    ...rest,
    ...(mark !== undefined && { mark, byHand: mark !== 'unmarked' }),
    ...(people !== undefined && { headcount: people }),
    ...(remark !== undefined && { note: remark }),
  };
}

/** All that nobody has marked are absent, by hand. */
export function restAbsent(rows: readonly RollRow[]): RollRow[] {
  return rows.map(row => (row.mark === 'unmarked' ? withChange(row, { mark: 'absent' }) : row));
}

function arrived(row: RollRow, who: Participant | undefined, dueAtMs: number): RollRow {
  const arrivedAtMs = row.arrivedAtMs ?? who?.joinedAtMs;
  if (arrivedAtMs === undefined) return row;
  const mark = row.byHand ? row.mark : markOf(arrivedAtMs, dueAtMs);
  if (mark === row.mark && arrivedAtMs === row.arrivedAtMs) return row;
  return { ...row, mark, arrivedAtMs };
}

function markOf(arrivedAtMs: number, dueAtMs: number): RollMark {
  return arrivedAtMs > dueAtMs + LATE_AFTER_MS ? 'late' : 'present';
}

/**
 * A site has one row, whichever of its endpoints is here. People have one by their name: who comes
 * again after a lost connection is the same; of two of one name who are here at once, each has one.
 */
function linked(
  rows: readonly RollRow[],
  participants: readonly Participant[],
): Map<string, Participant> {
  const links = new Map<string, Participant>();
  for (const who of participants) {
    if (who.siteId !== undefined) {
      if (!links.has(who.siteId)) links.set(who.siteId, who);
      continue;
    }
    const isFree = ({ kind, name, id }: RollRow) =>
      kind === 'person' && name === who.name && !links.has(id);
    links.set(rows.find(isFree)?.id ?? freshId(who), who);
  }
  return links;
}

/** Of somebody who comes first; the row keeps it when they come again as somebody else. */
function freshId({ id }: Participant): string {
  return `person.${id}`;
}
