/**
 * When a conference takes place: pure, by the clocks of its time zone. RFC 5545 §3.3.10, of
 * which what happens more often than daily is left out.
 */
import { RRuleTemporal } from 'rrule-temporal';
import type { ConferenceSchedule } from '../domain/conference.ts';
import { wrongField } from '../domain/wrong-field.ts';

/** One planned meeting. */
export interface Occurrence {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** Of one conference at most, between two moments: a year and a half of days. */
const MAX_OCCURRENCES = 600;
const MINUTE_MS = 60_000;
/** A rule that never comes true is given up after so many days, weeks, months or years. */
const MAX_ITERATIONS = 2_000;
const MAX_COUNT = 1_000;
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const PARTS = [
  'FREQ',
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'BYDAY',
  'BYMONTHDAY',
  'BYMONTH',
  'BYSETPOS',
  'BYWEEKNO',
  'BYYEARDAY',
  'WKST',
];

/**
 * Meetings that begin before `toMs` and are not over at `fromMs`, the earliest first.
 *
 * @param schedule one that `requireSchedule` has let pass
 */
export function occurrences(
  schedule: ConferenceSchedule,
  fromMs: number,
  toMs: number,
): Occurrence[] {
  const firstMs = fromMs - schedule.durationMin * MINUTE_MS + 1;
  if (toMs <= firstMs) return [];
  const starts = ruleOf(schedule).between(new Date(firstMs), new Date(toMs - 1), true);
  return starts
    .slice(0, MAX_OCCURRENCES)
    .map(({ epochMilliseconds }) => occurrence(schedule, epochMilliseconds));
}

/** The meeting under way, or the next one; undefined when there is none any more. */
export function nextOccurrence(
  schedule: ConferenceSchedule,
  nowMs: number,
): Occurrence | undefined {
  const firstMs = nowMs - schedule.durationMin * MINUTE_MS + 1;
  const start = ruleOf(schedule).next(new Date(firstMs), true);
  return start ? occurrence(schedule, start.epochMilliseconds) : undefined;
}

/** @throws GatewayError `bad-request` for a date that is none, and a rule that says nothing */
export function requireSchedule(schedule: ConferenceSchedule): void {
  for (const [index, exception] of schedule.exceptions.entries())
    if (!isDateTime(exception))
      throw wrongField(`schedule.exceptions.${index}`, 'There is no such date.');
  if (!isDateTime(schedule.startsAt))
    throw wrongField('schedule.startsAt', 'There is no such date.');
  const problem = ruleProblem(schedule);
  if (problem !== undefined) throw wrongField('schedule.rrule', problem);
}

function occurrence({ durationMin }: ConferenceSchedule, startsAtMs: number): Occurrence {
  return { startsAtMs, endsAtMs: startsAtMs + durationMin * MINUTE_MS };
}

/** Of equal schedules the same: a list asks for all of them again and again. */
const rules = new Map<string, RRuleTemporal>();
const MAX_RULES = 2_000;

function ruleOf({ startsAt, timeZone, rrule, exceptions }: ConferenceSchedule): RRuleTemporal {
  const lines = [
    `DTSTART;TZID=${timeZone}:${icsTime(startsAt)}`,
    `RRULE:${rrule ?? 'FREQ=DAILY;COUNT=1'}`,
    ...exceptions.map(time => `EXDATE;TZID=${timeZone}:${icsTime(time)}`),
  ];
  const rruleString = lines.join('\n');
  const known = rules.get(rruleString);
  if (known) return known;
  const rule = new RRuleTemporal({ rruleString, maxIterations: MAX_ITERATIONS });
  if (rules.size >= MAX_RULES) rules.clear();
  rules.set(rruleString, rule);
  return rule;
}

function icsTime(localTime: string): string {
  return `${localTime.replace(/[-:]/g, '')}00`;
}

function isDateTime(localTime: string): boolean {
  const date = new Date(`${localTime}:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(localTime);
}

function ruleProblem(schedule: ConferenceSchedule): string | undefined {
  const { rrule } = schedule;
  if (rrule === undefined) return undefined;
  const parts = new Map(
    rrule.split(';').map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=');
      return [name, value];
    }),
  );
  if (![...parts].every(([name, value]) => PARTS.includes(name) && value !== ''))
    return `Only these, with a value, in capitals: ${PARTS.join(', ')}.`;
  if (!FREQUENCIES.includes(parts.get('FREQ') ?? ''))
    return `FREQ is one of ${FREQUENCIES.join(', ')}.`;
  if (Number(parts.get('COUNT') ?? 1) > MAX_COUNT) return `COUNT is ${MAX_COUNT} at most.`;
  try {
    if (ruleOf(schedule).next(new Date(0), true)) return undefined;
    return 'It never takes place.';
  } catch {
    return 'This is no rule of RFC 5545 that ever comes true.'; // the library's words are for programmers
  }
}
