import type { Table } from './table.ts';

/** Words for people in both languages. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/** A column that is understood. */
export interface Column<Key extends string> {
  readonly key: Key;
  /** As it is called when we write it. */
  readonly name: Words;
  /** What else it may be called. */
  readonly aliases: readonly string[];
  /** What may stand in it. */
  readonly allowed: Words;
}

/** Where a column lies in a table. */
export interface Place<Key extends string> {
  readonly key: Key;
  readonly index: number;
  /** 1, or more for a further thing of the same kind, like `SIP account 2`. */
  readonly ordinal: number;
  /** Its head, as the file has it. */
  readonly head: string;
  readonly column: Column<Key>;
}

export interface Columns<Key extends string> {
  readonly places: readonly Place<Key>[];
  /** Heads that nothing is known of. */
  readonly unknown: readonly { readonly index: number; readonly head: string }[];
  /** Heads that say again what an earlier one said. */
  readonly twice: readonly { readonly index: number; readonly head: string }[];
}

/** Which column of a table is what; heads are told apart without marks, case, blanks and signs. */
export function findColumns<Key extends string>(
  { head }: Table,
  columns: readonly Column<Key>[],
): Columns<Key> {
  const byName = new Map(columns.flatMap(column => namesOf(column).map(name => [name, column])));
  const all = head.map((text, index) => ({ index, head: text, found: find(text, byName) }));
  const named = all.filter(({ head }) => head !== '');
  const places = named.flatMap(({ index, head, found }) =>
    found ? [{ ...found, key: found.column.key, index, head }] : [],
  );
  const isFirst = (place: Place<Key>, at: number) =>
    places.findIndex(one => one.key === place.key && one.ordinal === place.ordinal) === at;
  return {
    places: places.filter(isFirst),
    unknown: named.filter(({ found }) => !found),
    twice: places.filter((place, at) => !isFirst(place, at)),
  };
}

/** Letters and digits alone, small and without marks: “Số điện thoại:” is `sodienthoai`. */
export function bare(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^a-z0-9]/g, '');
}

function namesOf<Key extends string>({ key, name, aliases }: Column<Key>): string[] {
  return [key, name.vi, name.en, ...aliases].map(bare);
}

function find<Key extends string>(head: string, byName: ReadonlyMap<string, Column<Key>>) {
  const name = bare(head);
  const whole = byName.get(name);
  if (whole) return { column: whole, ordinal: 1 };
  const [, stem = '', digits = ''] = /^(.*?)([1-9]|10)$/.exec(name) ?? [];
  const numbered = byName.get(stem);
  return numbered && { column: numbered, ordinal: Number(digits) };
}
