/** Everybody in the meeting as the roster shows them. Knows no React. */
import type { ParticipantView } from '../../contract/rest.ts';
import { matches } from '../shared/search.ts';
import { isHeard } from './speaker.ts';
import type { RoomState } from './state.ts';

/** What is said of somebody beside the name, in this order; words are `roster.marks.*`. */
export type Mark =
  | 'self'
  | 'away'
  | 'chair'
  | 'floor'
  | 'hand'
  | 'speaking'
  | 'muted'
  | 'sharing'
  | 'spotlight'
  | 'hq'
  | 'poor-line'
  | ParticipantView['alarms'][number];

export interface RosterRow {
  readonly id: string;
  readonly name: string;
  readonly marks: readonly Mark[];
  /** Among those who ask to speak, from 1. */
  readonly handPlace: number | undefined;
}

export interface Roster {
  readonly sites: readonly RosterRow[];
  readonly laptops: readonly RosterRow[];
}

type Seen = Pick<
  RoomState,
  'participants' | 'selfId' | 'talking' | 'order' | 'chair' | 'heldMuted' | 'muted'
>;

/** Names in the order a Vietnamese dictionary has them, numbers as numbers. */
const BY_NAME = new Intl.Collator('vi', { numeric: true });

/** Sites apart from people at laptops, each by name. */
export function rosterOf(state: Seen): Roster {
  const people = state.participants.toSorted((a, b) => BY_NAME.compare(a.name, b.name));
  const rowsOf = (kind: ParticipantView['kind']) =>
    people.filter(one => one.kind === kind).map(one => rowOf(one, state));
  return { sites: rowsOf('endpoint'), laptops: rowsOf('browser') };
}

/** Those whose name has all words that were typed. */
export function found({ sites, laptops }: Roster, typed: string): Roster {
  const isFound = ({ name }: RosterRow) => matches(typed, name);
  return { sites: sites.filter(isFound), laptops: laptops.filter(isFound) };
}

/** Whether both would look the same: a new roster comes with every word that is spoken. */
export function isSameRow(a: RosterRow, b: RosterRow): boolean {
  return (
    a.id === b.id &&
    a.name === b.name &&
    a.handPlace === b.handPlace &&
    a.marks.join() === b.marks.join()
  );
}

function rowOf(participant: ParticipantView, state: Seen): RosterRow {
  const { id, name, alarms } = participant;
  const place = (state.order?.hands ?? []).findIndex(hand => hand.participantId === id) + 1;
  const isSelf = id === state.selfId;
  const marks: Record<Exclude<Mark, ParticipantView['alarms'][number]>, boolean> = {
    self: isSelf,
    away: participant.away && !isSelf,
    chair: participant.chair,
    floor: state.order?.floor?.participantId === id,
    hand: place > 0,
    speaking: isHeard(participant, state.talking),
    muted: isSelf ? state.muted || state.heldMuted : participant.muted,
    sharing: participant.sharing,
    spotlight: state.order?.spotlightId === id,
    hq: state.chair?.layout.hqParticipantId === id,
    'poor-line': participant.poorLine,
  };
  const shown = (Object.keys(marks) as (keyof typeof marks)[]).filter(mark => marks[mark]);
  return { id, name, marks: [...shown, ...alarms], handPlace: place > 0 ? place : undefined };
}
