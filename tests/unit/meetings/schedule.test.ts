import { describe, expect, it } from 'vitest';
import { occurrenceAt, occurrences, type Schedule } from '../../../src/meetings/schedule.ts';

const at = (text: string) => Date.parse(text);
const plan = (change: Partial<Schedule> = {}): Schedule => ({
  startsAtMs: at('2026-11-02T08:00:00+07:00'), // a Monday
  durationMin: 90,
  timeZone: 'Asia/Ho_Chi_Minh',
  exceptions: [],
  ...change,
});
const startsOf = (schedule: Schedule, from: string, to: string) =>
  occurrences(schedule, at(from), at(to)).map(({ startsAtMs }) =>
    new Date(startsAtMs).toISOString(),
  );

describe('occurrences of a plan', () => {
  it('without a rule is one, as long as it touches the span', () => {
    const once = plan();
    expect(startsOf(once, '2026-11-02T00:00:00Z', '2026-11-03T00:00:00Z')).toEqual([
      '2026-11-02T01:00:00.000Z',
    ]);
    expect(startsOf(once, '2026-11-02T02:29:59Z', '2026-11-03T00:00:00Z')).toHaveLength(1);
    expect(startsOf(once, '2026-11-02T02:30:00Z', '2026-11-03T00:00:00Z')).toEqual([]);
    expect(startsOf(once, '2026-11-01T00:00:00Z', '2026-11-02T01:00:00Z')).toEqual([]);
  });

  it('follow the rule, leave out exceptions, and end with it', () => {
    const skipped = at('2026-11-09T08:00:00+07:00');
    const weekly = plan({ rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=4', exceptions: [skipped] });
    expect(startsOf(weekly, '2026-10-01T00:00:00Z', '2027-10-01T00:00:00Z')).toEqual([
      '2026-11-02T01:00:00.000Z',
      '2026-11-16T01:00:00.000Z',
      '2026-11-23T01:00:00.000Z',
    ]);
  });

  it('on the first working day of a month', () => {
    const monthly = plan({ rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1' });
    expect(startsOf(monthly, '2026-12-01T00:00:00Z', '2027-02-28T00:00:00Z')).toEqual([
      '2026-12-01T01:00:00.000Z',
      '2027-01-01T01:00:00.000Z',
      '2027-02-01T01:00:00.000Z',
    ]);
  });

  it.each([
    ['Europe/Berlin', '2026-10-19T09:00:00+02:00', ['07:00', '08:00', '08:00']],
    ['America/New_York', '2026-10-26T09:00:00-04:00', ['13:00', '14:00', '14:00']],
    ['Asia/Ho_Chi_Minh', '2026-10-19T09:00:00+07:00', ['02:00', '02:00', '02:00']],
  ])('keep the wall clock of %s when summer time ends', (timeZone, first, hours) => {
    const startsAtMs = at(first);
    const schedule = plan({ startsAtMs, timeZone, rrule: 'FREQ=WEEKLY;COUNT=3' });
    const starts = startsOf(schedule, '2026-10-01T00:00:00Z', '2026-12-01T00:00:00Z');
    expect(starts.map(text => text.slice(11, 16))).toEqual(hours);
  });

  it('are found years after the first', () => {
    const daily = plan({ rrule: 'FREQ=DAILY' });
    const now = at('2036-11-02T08:30:00+07:00');
    expect(occurrenceAt(daily, now)?.startsAtMs).toBe(at('2036-11-02T08:00:00+07:00'));
    expect(occurrenceAt(daily, at('2036-11-02T09:30:00+07:00'))).toBeUndefined();
  });

  it.each([
    ['no rule at all', 'garbage'],
    ['every second', 'FREQ=SECONDLY'],
    ['an interval of 0', 'FREQ=DAILY;INTERVAL=0'],
    ['a line break', 'FREQ=DAILY\nRDATE:20261103T010000Z\nRRULE:FREQ=SECONDLY'],
  ])('refuses %s', (_, rrule) => {
    expect(() => occurrences(plan({ rrule }), 0, 1e13)).toThrow(/recurrence/);
  });

  it('refuses a time zone that is none', () => {
    const schedule = plan({ rrule: 'FREQ=DAILY', timeZone: 'Mars/Olympus' });
    expect(() => occurrences(schedule, 0, 1e12)).toThrow(/recurrence/);
  });
});
