/** Rows of a table as conferences: one row each. */
import { isDeepStrictEqual } from 'node:util';
import {
  ConferenceInput,
  type ConferencePatch,
  type ConferenceView,
  Schedule,
} from '../contract/conferences.ts';
import type { ImportProblem } from '../contract/jobs.ts';
import { bare, type Columns, type Place } from './columns.ts';
import type { ConferenceKey } from './conference-columns.ts';
import { type ProblemCode, problem } from './problems.ts';
import type { Table } from './table.ts';
import {
  digits,
  isMangled,
  LAYOUT_WORDS,
  list,
  localTime,
  oneOf,
  withoutGuard,
  yesOrNo,
} from './values.ts';

/** What is there already. */
export interface KnownConferences {
  /** All there are: also those that whoever imports does not see. */
  readonly conferences: readonly ConferenceView[];
  /** Those that whoever imports sees. */
  readonly sites: readonly {
    readonly id: string;
    readonly name: string;
    readonly number?: string | undefined;
  }[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly siteNumbers: ReadonlyMap<string, string>;
  readonly isSeen: (thing: { readonly groupId?: string | undefined }) => boolean;
}

export type PlannedConference = {
  readonly row: number;
  readonly problems: readonly ImportProblem[];
} & (
  | { readonly kind: 'create'; readonly input: ConferenceInput }
  | { readonly kind: 'update'; readonly id: string; readonly patch: ConferencePatch }
  | { readonly kind: 'same' | 'faulty' }
);

interface Cell {
  readonly text: string;
  readonly place: Place<ConferenceKey>;
}

const LAYOUT = oneOf(LAYOUT_WORDS);
const REPEATS = oneOf({
  no: ['không', 'một lần', 'once'],
  'FREQ=DAILY': ['hằng ngày', 'hàng ngày', 'mỗi ngày', 'daily'],
  'FREQ=WEEKLY': ['hằng tuần', 'hàng tuần', 'mỗi tuần', 'weekly'],
  'FREQ=MONTHLY': ['hằng tháng', 'hàng tháng', 'mỗi tháng', 'monthly'],
});
const TIME_ZONE = 'Asia/Ho_Chi_Minh';
const DURATION_MIN = 60;

/** What the rows mean; numbers and aliases are those of one conference each. */
export function planConferences(
  table: Table,
  columns: Columns<ConferenceKey>,
  known: KnownConferences,
): PlannedConference[] {
  const firstRows = new Map<string, number>();
  return table.rows.map(({ row, cells }) =>
    new ConferenceRow(row, cells, columns, known).plan(firstRows),
  );
}

class ConferenceRow {
  readonly #row: number;
  readonly #cells = new Map<ConferenceKey, Cell>();
  readonly #known: KnownConferences;
  readonly #problems: ImportProblem[] = [];

  constructor(
    row: number,
    cells: readonly string[],
    { places }: Columns<ConferenceKey>,
    known: KnownConferences,
  ) {
    this.#row = row;
    this.#known = known;
    for (const place of places) {
      const text = withoutGuard(cells[place.index] ?? '').trim();
      if (text !== '' && place.ordinal === 1) this.#cells.set(place.key, { text, place });
    }
  }

  plan(firstRows: Map<string, number>): PlannedConference {
    const number = this.#read('number', digits);
    const current = this.#current(number);
    const facts = this.#facts(number, current);
    for (const key of ['number', 'alias'] as const) this.#refuseTwice(key, facts[key], firstRows);
    this.#refuseTaken('number', facts.number, current);
    this.#refuseTaken('alias', facts.alias, current);
    const outcome = current ? changeOf(current, facts) : this.#creation(facts);
    const base = { row: this.#row, problems: this.#problems };
    return this.#problems.length > 0 ? { ...base, kind: 'faulty' } : { ...base, ...outcome };
  }

  #facts(
    number: string | undefined,
    current: ConferenceView | undefined,
  ): Partial<ConferenceInput> {
    const name = this.#read('name', text => text);
    const alias = this.#read('alias', text => text.toLowerCase());
    const groupId = this.#group();
    const members = this.#members(current);
    const schedule = this.#schedule(current);
    const all = {
      name,
      number,
      alias: alias ?? (current || this.#cells.has('alias') ? undefined : aliasOf(name, number)),
      pin: this.#read('pin', digits),
      chairPin: this.#read('chairPin', digits),
      schedule,
      agenda: this.#read('agenda', text => text),
      layout: this.#read('layout', LAYOUT),
      muteOnEntry: this.#read('muteOnEntry', yesOrNo),
      members,
      groupId,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  #read<T>(
    key: keyof typeof ConferenceInput.shape & ConferenceKey,
    read: (text: string) => T | undefined,
  ): T | undefined {
    const cell = this.#cells.get(key);
    if (!cell) return undefined;
    const value = read(cell.text);
    if (isMangled(cell.text) && key !== 'name') this.#say('number-mangled', cell);
    else if (value === undefined || !ConferenceInput.shape[key].safeParse(value).success)
      this.#say('wrong', cell);
    else return value;
    return undefined;
  }

  #current(number: string | undefined): ConferenceView | undefined {
    const seen = this.#known.conferences.filter(this.#known.isSeen);
    const byNumber = seen.find(one => one.number === number);
    const name = this.#cells.get('name');
    if (byNumber || !name) return byNumber;
    const byName = seen.filter(one => bare(one.name) === bare(name.text));
    const [only, ...others] = byName;
    // Another number makes it another conference: names come again, like “Giao ban”.
    if (number !== undefined && only?.number !== number) return undefined;
    if (others.length > 0) this.#say('name-ambiguous', name);
    return others.length > 0 ? undefined : only;
  }

  /** A site that is in it already is called, or calls, as before. */
  #members(current: ConferenceView | undefined): ConferenceInput['members'] | undefined {
    const keys = ['hq', 'sites', 'observers'] as const;
    if (!keys.some(key => this.#cells.has(key))) return undefined;
    const [hq, sites, observers] = keys.map(key => this.#sites(key));
    const roles = new Map<string, 'hq' | 'site' | 'observer'>();
    for (const id of hq ?? []) roles.set(id, 'hq');
    for (const id of sites ?? []) if (!roles.has(id)) roles.set(id, 'site');
    for (const id of observers ?? []) if (roles.get(id) !== 'hq') roles.set(id, 'observer');
    const dials = new Map(current?.members.map(({ siteId, dial }) => [siteId, dial]));
    return [...roles].map(([siteId, role]) => ({
      siteId,
      role,
      dial: dials.get(siteId) ?? 'out',
    }));
  }

  #sites(key: 'hq' | 'sites' | 'observers'): string[] {
    const cell = this.#cells.get(key);
    if (!cell) return [];
    const names = key === 'hq' ? [cell.text] : list(cell.text);
    return names.flatMap(name => {
      const found = this.#site(name);
      if (!found) this.#say('site-unknown', cell, name);
      return found ? [found] : [];
    });
  }

  #site(text: string): string | undefined {
    const { sites } = this.#known;
    const number = digits(text);
    const byNumber = sites.find(site => site.number === number);
    return (byNumber ?? sites.find(site => bare(site.name) === bare(text)))?.id;
  }

  #group(): string | undefined {
    const cell = this.#cells.get('group');
    if (!cell) return undefined;
    const { groups, isSeen } = this.#known;
    const found = groups.find(
      ({ id, name }) => bare(name) === bare(cell.text) && isSeen({ groupId: id }),
    );
    if (!found) this.#say('group-unknown', cell);
    return found?.id;
  }

  #schedule(current: ConferenceView | undefined): Schedule | undefined {
    const keys = ['startsAt', 'durationMin', 'repeats', 'timeZone'] as const;
    if (!keys.some(key => this.#cells.has(key))) return undefined;
    const known = current?.schedule;
    const startsAt = this.#scheduled('startsAt', localTime) ?? known?.startsAt;
    const repeats = this.#scheduled('repeats', repeatsOf) ?? known?.rrule;
    const wanted = {
      startsAt,
      durationMin:
        this.#scheduled('durationMin', text => Number(digits(text))) ??
        known?.durationMin ??
        DURATION_MIN,
      timeZone: this.#scheduled('timeZone', text => text) ?? known?.timeZone ?? TIME_ZONE,
      exceptions: known?.exceptions ?? [],
      ...(repeats && repeats !== 'no' && { rrule: repeats }),
    };
    if (startsAt === undefined && !this.#cells.has('startsAt')) {
      const allowed = { vi: 'ngày giờ bắt đầu', en: 'when it starts' };
      this.#problems.push(problem('missing', { row: this.#row, column: 'Bắt đầu', allowed }));
    }
    const parsed = Schedule.safeParse(wanted);
    return parsed.success ? parsed.data : undefined;
  }

  #scheduled<T>(
    key: 'startsAt' | 'durationMin' | 'repeats' | 'timeZone',
    read: (text: string) => T | undefined,
  ): T | undefined {
    const cell = this.#cells.get(key);
    if (!cell) return undefined;
    const value = read(cell.text);
    const field = key === 'repeats' ? 'rrule' : key;
    const isRight = value !== undefined && Schedule.shape[field].safeParse(value).success;
    if (!isRight) this.#say('wrong', cell);
    return isRight ? value : undefined;
  }

  #creation(facts: Partial<ConferenceInput>) {
    for (const key of ['name', 'number'] as const) {
      if (this.#cells.has(key)) continue;
      const allowed = { name: NAME_WORDS, number: NUMBER_WORDS }[key];
      const column = key === 'name' ? 'Tên hội nghị' : 'Số';
      this.#problems.push(problem('missing', { row: this.#row, column, allowed }));
    }
    const parsed = ConferenceInput.safeParse(facts);
    if (parsed.success) return { kind: 'create', input: parsed.data } as const;
    if (this.#problems.length === 0) {
      const [issue] = parsed.error.issues;
      const allowed = { vi: String(issue?.message), en: String(issue?.message) };
      this.#problems.push(
        problem('wrong', { row: this.#row, column: String(issue?.path[0] ?? ''), allowed }),
      );
    }
    return { kind: 'faulty' } as const;
  }

  #refuseTwice(
    key: 'number' | 'alias',
    value: string | undefined,
    firstRows: Map<string, number>,
  ): void {
    if (value === undefined) return;
    const id = `${key} ${value}`;
    const first = firstRows.get(id);
    const cell = this.#cells.get(key) ?? this.#cells.get('name');
    if (first === undefined) firstRows.set(id, this.#row);
    else if (cell) this.#say('twice-in-file', cell, first);
  }

  #refuseTaken(
    key: 'number' | 'alias',
    value: string | undefined,
    current: ConferenceView | undefined,
  ): void {
    const { conferences, siteNumbers, isSeen } = this.#known;
    const cell = this.#cells.get(key) ?? this.#cells.get('name');
    if (value === undefined || !cell) return;
    const other = conferences.find(one => one.id !== current?.id && one[key] === value);
    if (other) this.#say(isSeen(other) ? 'taken' : 'taken-elsewhere', cell, other.name);
    const site = key === 'number' ? siteNumbers.get(value) : undefined;
    if (site !== undefined) this.#say('taken', cell, site);
  }

  #say(code: ProblemCode, { text, place }: Cell, other?: string | number): void {
    const isSecret = place.key === 'pin' || place.key === 'chairPin';
    this.#problems.push(
      problem(code, {
        row: this.#row,
        column: place.head,
        value: isSecret ? undefined : text,
        allowed: place.column.allowed,
        other,
      }),
    );
  }
}

const NAME_WORDS = { vi: 'tên hội nghị', en: 'the name of the conference' };
const NUMBER_WORDS = {
  vi: 'số để gọi vào, 1 đến 12 chữ số',
  en: 'the number to dial, 1 to 12 digits',
};

function repeatsOf(text: string): string | undefined {
  return (
    REPEATS(text) ?? (/^(?:RRULE:)?FREQ=/i.test(text) ? text.replace(/^RRULE:/i, '') : undefined)
  );
}

/** `giao-ban-1001`: the name as a link can carry it, and the number that makes it the only one. */
function aliasOf(name: string | undefined, number: string | undefined): string {
  const words = (name ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '');
  return [words, number].filter(part => part).join('-');
}

function changeOf(current: ConferenceView, facts: Partial<ConferenceInput>) {
  const known = current as unknown as Readonly<Record<string, unknown>>;
  const changes = Object.entries(facts).filter(
    ([key, value]) => !isDeepStrictEqual(known[key], value),
  );
  if (changes.length === 0) return { kind: 'same' } as const;
  const patch = { version: current.version, ...Object.fromEntries(changes) } as ConferencePatch;
  return { kind: 'update', id: current.id, patch } as const;
}
