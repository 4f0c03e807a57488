import type { TFunction } from 'i18next';

/** When a conference comes again, between the rules of RFC 5545 §3.3.10 and what people choose. */

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Which weekday of a month; -1 is the last. */
export type Nth = 1 | 2 | 3 | 4 | -1;

export type RecurrenceEnd =
  | { readonly kind: 'never' }
  | { readonly kind: 'count'; readonly count: number }
  /** The last day, like `2026-12-31`. */
  | { readonly kind: 'until'; readonly date: string };

interface Repeats {
  /** Every so many days, weeks or months. */
  readonly interval: number;
  readonly end: RecurrenceEnd;
}

export type Recurrence = Repeats &
  (
    | { readonly kind: 'daily' }
    | { readonly kind: 'weekly'; readonly days: readonly Weekday[] }
    | { readonly kind: 'month-day'; readonly day: number }
    | { readonly kind: 'month-weekday'; readonly nth: Nth; readonly day: Weekday }
  );

/** A rule as people choose it; undefined when it says more than the builder knows. */
export function readRule(rrule: string, timeZone: string): Recurrence | undefined {
  const parts = new Map(
    rrule
      .replace(/^RRULE:/i, '')
      .split(';')
      .map(part => part.toUpperCase().split('=') as [string, string]),
  );
  const known = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'COUNT', 'UNTIL', 'WKST'];
  if ([...parts.keys()].some(name => !known.includes(name))) return undefined;
  const end = readEnd(timeZone, parts.get('COUNT'), parts.get('UNTIL'));
  const interval = Number(parts.get('INTERVAL') ?? 1);
  if (!end || !Number.isInteger(interval) || interval < 1) return undefined;
  const pattern = readPattern(parts.get('FREQ'), parts.get('BYDAY'), parts.get('BYMONTHDAY'));
  return pattern && ({ ...pattern, interval, end } as Recurrence);
}

function readPattern(freq?: string, byDay?: string, byMonthDay?: string) {
  if (freq === 'DAILY' && !byDay && !byMonthDay) return { kind: 'daily' };
  if (freq === 'WEEKLY' && !byMonthDay) {
    const days = (byDay ?? '').split(',').filter(Boolean);
    return days.every(isWeekday) ? { kind: 'weekly', days: inOrder(days) } : undefined;
  }
  if (freq !== 'MONTHLY') return undefined;
  if (byMonthDay && !byDay) {
    const day = Number(byMonthDay);
    return day >= 1 && day <= 31 ? { kind: 'month-day', day } : undefined;
  }
  const [, nth, day = ''] = /^([1-4]|-1)([A-Z]{2})$/.exec(byDay ?? '') ?? [];
  if (byMonthDay || !isWeekday(day)) return undefined;
  return { kind: 'month-weekday', nth: Number(nth) as Nth, day };
}

function readEnd(timeZone: string, count?: string, until?: string): RecurrenceEnd | undefined {
  if (count && until) return undefined;
  if (count) return Number(count) > 0 ? { kind: 'count', count: Number(count) } : undefined;
  if (!until) return { kind: 'never' };
  const [, year, month, day, time] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{6}Z?))?$/.exec(until) ?? [];
  if (!year) return undefined;
  const date = `${year}-${month}-${day}`;
  if (!time?.endsWith('Z')) return { kind: 'until', date };
  const at = new Date(`${date}T${time.replace(/(..)(..)(..)Z/, '$1:$2:$3Z')}`);
  return { kind: 'until', date: localTime(at, timeZone).slice(0, 10) };
}

/** The rule for what was chosen. */
export function writeRule(recurrence: Recurrence, timeZone: string): string {
  const { interval, end } = recurrence;
  const parts = [...patternOf(recurrence)];
  if (interval > 1) parts.push(`INTERVAL=${interval}`);
  if (end.kind === 'count') parts.push(`COUNT=${end.count}`);
  if (end.kind === 'until') parts.push(`UNTIL=${endOfDay(end.date, timeZone)}`);
  return parts.join(';');
}

/** The last second of a day in a zone, in UTC as RFC 5545 §3.3.10 wants it beside a zone. */
function endOfDay(date: string, timeZone: string): string {
  const guess = new Date(`${date}T23:59:59Z`);
  const apartMs = Date.parse(`${localTime(guess, timeZone)}Z`) - guess.getTime();
  const at = new Date(guess.getTime() - apartMs).toISOString();
  return `${at.slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** What clocks in a zone show, like `2026-12-31T23:59:59`. */
function localTime(at: Date, timeZone: string): string {
  const format = { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('sv', format).format(at).replace(' ', 'T');
}

function patternOf(recurrence: Recurrence): string[] {
  switch (recurrence.kind) {
    case 'daily':
      return ['FREQ=DAILY'];
    case 'weekly': {
      const days = inOrder(recurrence.days);
      return ['FREQ=WEEKLY', ...(days.length > 0 ? [`BYDAY=${days.join(',')}`] : [])];
    }
    case 'month-day':
      return ['FREQ=MONTHLY', `BYMONTHDAY=${recurrence.day}`];
    case 'month-weekday':
      return ['FREQ=MONTHLY', `BYDAY=${recurrence.nth}${recurrence.day}`];
  }
}

/** A recurrence in words, like “Every Monday and Thursday”. */
export function describeRecurrence(recurrence: Recurrence, t: TFunction, language: string): string {
  const rhythm = describeRhythm(recurrence, t, language);
  const { end } = recurrence;
  if (end.kind === 'count') return t('recurrence.withCount', { rhythm, count: end.count });
  if (end.kind === 'never') return rhythm;
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  return t('recurrence.withUntil', { rhythm, date: date.format(new Date(`${end.date}T00:00Z`)) });
}

function describeRhythm(recurrence: Recurrence, t: TFunction, language: string): string {
  const { interval } = recurrence;
  const every = interval > 1 ? 'every' : 'each';
  switch (recurrence.kind) {
    case 'daily':
      return t(`recurrence.daily.${every}`, { interval });
    case 'weekly': {
      if (recurrence.days.length === 0) return t(`recurrence.weekly.${every}Plain`, { interval });
      const names = recurrence.days.map(day => t(`weekdays.${day}`));
      const days = new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
      return t(`recurrence.weekly.${every}`, { interval, days });
    }
    case 'month-day':
      return t(`recurrence.monthDay.${every}`, { interval, day: recurrence.day });
    case 'month-weekday': {
      const nth = t(`recurrence.nth.${recurrence.nth}`);
      const day = t(`weekdays.${recurrence.day}`);
      return t(`recurrence.monthWeekday.${every}`, { interval, nth, day });
    }
  }
}

/** The weekday of a local time like `2026-12-01T07:30`. */
export function weekdayOf(localTime: string): Weekday {
  const day = new Date(`${localTime.slice(0, 10)}T00:00Z`).getUTCDay();
  return WEEKDAYS[(day + 6) % 7] ?? 'MO';
}

function isWeekday(day: string): day is Weekday {
  return WEEKDAYS.some(known => known === day);
}

function inOrder(days: readonly Weekday[]): Weekday[] {
  return WEEKDAYS.filter(day => days.includes(day));
}
