import { RRuleTemporal } from 'rrule-temporal';
import { GatewayError } from '../domain/errors.ts';

/** When a conference takes place. */
export interface Schedule {
  /** Start of the first occurrence, epoch. */
  readonly startsAtMs: number;
  readonly durationMin: number;
  /** RFC 5545 §3.3.10, without `RRULE:`; undefined: once. */
  readonly rrule?: string;
  /** IANA name: `Asia/Ho_Chi_Minh`. The wall clock there decides, also when summer time begins. */
  readonly timeZone: string;
  /** Starts of occurrences that are left out, epoch. */
  readonly exceptions: readonly number[];
}

/** One time a conference takes place. */
export interface Occurrence {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

const MINUTE_MS = 60_000;
/** More often than daily no meeting is planned, and such a rule would only cost time. */
const FREQUENCY = /(?:^|;)FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY)(?:;|$)/i;

/**
 * The occurrences that touch a span of time, in order.
 *
 * @param toMs not in the span any more
 * @throws GatewayError `bad-request` for a rule or a time zone that cannot be understood
 */
export function occurrences(schedule: Schedule, fromMs: number, toMs: number): Occurrence[] {
  const durationMs = schedule.durationMin * MINUTE_MS;
  const starts = startsBetween(schedule, fromMs - durationMs, toMs);
  return starts
    .filter(startsAtMs => !schedule.exceptions.includes(startsAtMs))
    .map(startsAtMs => ({ startsAtMs, endsAtMs: startsAtMs + durationMs }))
    .filter(({ startsAtMs, endsAtMs }) => endsAtMs > fromMs && startsAtMs < toMs);
}

/** The one that takes place at a time; undefined when none does. */
export function occurrenceAt(schedule: Schedule, atMs: number): Occurrence | undefined {
  return occurrences(schedule, atMs, atMs + 1).at(-1);
}

function startsBetween(
  { startsAtMs, rrule, timeZone }: Schedule,
  fromMs: number,
  toMs: number,
): number[] {
  if (rrule === undefined) return [startsAtMs];
  if (!FREQUENCY.test(rrule)) throw badRule('give FREQ as YEARLY, MONTHLY, WEEKLY or DAILY');
  try {
    const start = `DTSTART;TZID=${timeZone}:${wallClock(startsAtMs, timeZone)}`;
    const rule = new RRuleTemporal({ rruleString: `${start}\nRRULE:${rrule}` });
    const found = rule.between(new Date(fromMs), new Date(toMs), true);
    return found.map(({ epochMilliseconds }) => epochMilliseconds);
  } catch (err) {
    throw badRule(err instanceof Error ? err.message : String(err));
  }
}

/** `20261126T083000`, as a clock on the wall there shows it. */
function wallClock(atMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return format.format(atMs).replaceAll(/[-:]/g, '').replace(' ', 'T');
}

function badRule(what: string): GatewayError {
  return new GatewayError('bad-request', `The recurrence cannot be understood: ${what}.`);
}
