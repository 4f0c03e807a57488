/** Who of the roll is called after whom, and by which keys. Pure. */
import type { RollCallView, RollMark } from '../../contract/records.ts';

export type RollRowView = RollCallView['rows'][number];

/** Nothing that is seen of a row has changed: rows come whole with each change of one. */
export function isSameRollRow(a: RollRowView, b: RollRowView): boolean {
  const keys = Object.keys({ ...a, ...b }) as (keyof RollRowView)[];
  return keys.every(key => a[key] === b[key]);
}

/** The row that is called; the first that nobody has marked by hand when none is. */
export function calledRow(
  rows: readonly RollRowView[],
  calledId: string | undefined,
): RollRowView | undefined {
  return rows.find(({ id }) => id === calledId) ?? rows.find(({ byHand }) => !byHand) ?? rows[0];
}

/** The row before or after; it stays at the ends. */
export function stepFrom(
  rows: readonly RollRowView[],
  id: string | undefined,
  by: 1 | -1,
): string | undefined {
  const at = rows.findIndex(row => row.id === id);
  return rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.id;
}

export type RollWish = { readonly mark: Exclude<RollMark, 'unmarked'> } | { readonly step: 1 | -1 };

const WISHES: Readonly<Record<string, RollWish>> = {
  p: { mark: 'present' },
  a: { mark: 'absent' },
  l: { mark: 'late' },
  arrowright: { step: 1 },
  arrowleft: { step: -1 },
};

/** The parts of a `KeyboardEvent` that matter. */
interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
}

/** What a key means while the roll is called; up and down scroll. */
export function rollWish(press: KeyPress): RollWish | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  const wish = WISHES[press.key.toLowerCase()];
  // A key that is held steps on, and marks nobody else.
  return press.repeat && wish && 'mark' in wish ? undefined : wish;
}

/** A headcount as it was typed: null for none, undefined for what is no number of people. */
export function typedHeadcount(typed: string): number | null | undefined {
  const text = typed.trim();
  if (text === '') return null;
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
