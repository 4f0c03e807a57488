import type { CalendarEntry } from '../../../contract/conferences.ts';

const DAY_MS = 24 * 3600 * 1000;

/** One day of the calendar; dates are the browser's own, like `2026-12-01`. */
export interface CalendarDay {
  readonly date: string;
  /** Whether it lies outside of the month that is shown. */
  readonly isOther: boolean;
  readonly entries: readonly CalendarEntry[];
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export type CalendarView = 'month' | 'week';

/** The days that are shown around a date: whole weeks from Monday. */
export function spanOf(view: CalendarView, date: string): Span {
  const day = midnight(date);
  const first = new Date(day);
  if (view === 'month') first.setDate(1);
  first.setDate(first.getDate() - ((first.getDay() + 6) % 7));
  const end = new Date(first);
  if (view === 'week') end.setDate(end.getDate() + 7);
  else while (end <= lastOfMonth(day)) end.setDate(end.getDate() + 7);
  return { fromMs: first.getTime(), toMs: end.getTime() };
}

/** Days with what takes place on each, in order. */
export function daysOf(
  view: CalendarView,
  date: string,
  entries: readonly CalendarEntry[],
): CalendarDay[] {
  const { fromMs, toMs } = spanOf(view, date);
  const month = date.slice(0, 7);
  const count = Math.round((toMs - fromMs) / DAY_MS);
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(fromMs);
    day.setDate(day.getDate() + index);
    const text = dateText(day);
    const ofDay = entries.filter(entry => dateText(new Date(entry.startsAtMs)) === text);
    return {
      date: text,
      isOther: view === 'month' && !text.startsWith(month),
      entries: ofDay.toSorted((a, b) => a.startsAtMs - b.startsAtMs),
    };
  });
}

/** The date one month or week on, or back. */
export function step(view: CalendarView, date: string, by: 1 | -1): string {
  const day = midnight(date);
  if (view === 'week') day.setDate(day.getDate() + 7 * by);
  else day.setMonth(day.getMonth() + by, 1);
  return dateText(day);
}

export function dateText(day: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export function midnight(date: string): Date {
  return new Date(`${date}T00:00`);
}

function lastOfMonth(day: Date): Date {
  return new Date(day.getFullYear(), day.getMonth() + 1, 0);
}
