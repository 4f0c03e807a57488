import type {
  ConferenceView,
  MappingInput,
  Member,
  MemberRole,
} from '../../../contract/conferences.ts';
import { Store } from '../../shared/store.ts';

/** What a site is in a conference. */
export type Cell = MemberRole | 'none';

export interface CellPlace {
  readonly conferenceId: string;
  readonly siteId: string;
}

type Changes = ReadonlyMap<string, Cell>;

export interface MappingState {
  /** As it is stored: members by conference, then by site. */
  readonly base: ReadonlyMap<string, ReadonlyMap<string, Member>>;
  /** What is not saved yet. */
  readonly changes: Changes;
  readonly past: readonly Changes[];
}

const MAX_PAST = 100;
const keyOf = ({ conferenceId, siteId }: CellPlace) => `${conferenceId} ${siteId}`;
const placeOf = (key: string): CellPlace => {
  const [conferenceId = '', siteId = ''] = key.split(' ');
  return { conferenceId, siteId };
};

/** Sites against conferences, with changes that are saved all at once. */
export class Mapping {
  readonly store = new Store<MappingState>({ base: new Map(), changes: new Map(), past: [] });

  /** What is stored now; changes that it has already are none any longer. */
  follow(conferences: readonly ConferenceView[]): void {
    const base = new Map(
      conferences.map(({ id, members }) => [
        id,
        new Map(members.map(member => [member.siteId, member])),
      ]),
    );
    const { changes, past } = this.store.get();
    this.store.set({ base, past, changes: withoutIdle(base, changes) });
  }

  cellAt(place: CellPlace): Cell {
    const { base, changes } = this.store.get();
    return cellIn(base, changes, place);
  }

  isChanged(place: CellPlace): boolean {
    return this.store.get().changes.has(keyOf(place));
  }

  get isDirty(): boolean {
    return this.store.get().changes.size > 0;
  }

  /**
   * Changes cells; a conference has one site at most that leads.
   *
   * @param goesOn belongs to the step before, and is undone with it
   */
  paint(places: readonly CellPlace[], cell: Cell, goesOn = false): void {
    const { base, changes, past } = this.store.get();
    const painted = new Map(changes);
    for (const place of places) {
      if (cell === 'hq') demoteLeader(base, painted, place.conferenceId);
      painted.set(keyOf(place), cell);
    }
    const after = withoutIdle(base, painted);
    const steps = goesOn ? past : [...past, changes].slice(-MAX_PAST);
    this.store.set({ changes: after, past: steps });
  }

  undo(): void {
    const { base, past } = this.store.get();
    const before = past.at(-1);
    if (before) this.store.set({ changes: withoutIdle(base, before), past: past.slice(0, -1) });
  }

  reset(): void {
    this.store.set({ changes: new Map(), past: [] });
  }

  /** All changes as one request. */
  toInput(): MappingInput {
    const { base, changes } = this.store.get();
    const input: MappingInput = { add: [], remove: [] };
    for (const [key, cell] of changes) {
      const place = placeOf(key);
      if (cell === 'none') input.remove.push(place);
      else {
        const dial = base.get(place.conferenceId)?.get(place.siteId)?.dial ?? 'out';
        input.add.push({ ...place, role: cell, dial });
      }
    }
    // Who stops leading before who begins: one leads at most.
    input.add.sort((a, b) => Number(a.role === 'hq') - Number(b.role === 'hq'));
    return input;
  }
}

function cellIn(base: MappingState['base'], changes: Changes, place: CellPlace): Cell {
  return changes.get(keyOf(place)) ?? storedCell(base, place);
}

function storedCell(base: MappingState['base'], { conferenceId, siteId }: CellPlace): Cell {
  return base.get(conferenceId)?.get(siteId)?.role ?? 'none';
}

function withoutIdle(base: MappingState['base'], changes: Changes): Changes {
  return new Map([...changes].filter(([key, cell]) => storedCell(base, placeOf(key)) !== cell));
}

function demoteLeader(
  base: MappingState['base'],
  changes: Map<string, Cell>,
  conferenceId: string,
) {
  const fromChanges = [...changes.keys()].map(placeOf).filter(p => p.conferenceId === conferenceId);
  const stored = [...(base.get(conferenceId)?.keys() ?? [])];
  const siteIds = new Set([...stored, ...fromChanges.map(({ siteId }) => siteId)]);
  for (const siteId of siteIds) {
    const place = { conferenceId, siteId };
    if (cellIn(base, changes, place) === 'hq') changes.set(keyOf(place), 'site');
  }
}
