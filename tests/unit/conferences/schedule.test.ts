import { describe, expect, it } from 'vitest';
import { nextOccurrence, occurrences, requireSchedule } from '../../../src/conferences/schedule.ts';
import type { ConferenceSchedule } from '../../../src/domain/conference.ts';

const WEEKLY: ConferenceSchedule = {
  startsAt: '2026-11-23T07:30', // a Monday
  timeZone: 'Asia/Ho_Chi_Minh',
  durationMin: 90,
  rrule: 'FREQ=WEEKLY;BYDAY=MO',
  exceptions: [],
};
const at = (text: string) => Date.parse(text);
const starts = (schedule: ConferenceSchedule, from: string, to: string) =>
  occurrences(schedule, at(from), at(to)).map(({ startsAtMs }) =>
    new Date(startsAtMs).toISOString().slice(0, 16),
  );

describe('occurrences', () => {
  it('come again by the clocks of the time zone, as long as planned', () => {
    expect(occurrences(WEEKLY, at('2026-11-23T00:00Z'), at('2026-12-01T00:00Z'))).toEqual([
      { startsAtMs: at('2026-11-23T00:30Z'), endsAtMs: at('2026-11-23T02:00Z') },
      { startsAtMs: at('2026-11-30T00:30Z'), endsAtMs: at('2026-11-30T02:00Z') },
    ]);
  });

  it('keep their hour when the clocks change', () => {
    const berlin = { ...WEEKLY, startsAt: '2026-10-19T09:00', timeZone: 'Europe/Berlin' };
    expect(starts(berlin, '2026-10-19T00:00Z', '2026-10-27T00:00Z')).toEqual([
      '2026-10-19T07:00',
      '2026-10-26T08:00',
    ]);
  });

  it('are one when nothing comes again', () => {
    const { rrule: _, ...once } = WEEKLY;
    expect(starts(once, '2026-01-01T00:00Z', '2027-01-01T00:00Z')).toEqual(['2026-11-23T00:30']);
  });

  it('are found years after the first', () => {
    const daily = { ...WEEKLY, startsAt: '2026-11-02T08:00', rrule: 'FREQ=DAILY' };
    expect(starts(daily, '2036-11-02T01:30Z', '2036-11-02T01:31Z')).toEqual(['2036-11-02T01:00']);
    expect(nextOccurrence(daily, at('2036-11-02T01:30Z'))?.startsAtMs).toBe(
      at('2036-11-02T01:00Z'),
    );
  });

  it('leave out exceptions', () => {
    const moved = { ...WEEKLY, exceptions: ['2026-11-30T07:30'] };
    expect(starts(moved, '2026-11-24T00:00Z', '2026-12-08T00:00Z')).toEqual(['2026-12-07T00:30']);
  });

  it.each([
    ['a moment before its end', '2026-11-23T01:59:59.999Z', ['2026-11-23T00:30']],
    ['at its end', '2026-11-23T02:00Z', []],
  ])('that run are there %s', (_, from, expected) => {
    expect(starts(WEEKLY, from, '2026-11-24T00:00Z')).toEqual(expected);
  });

  it('that begin as the time is over are not there', () => {
    expect(starts(WEEKLY, '2026-11-22T00:00Z', '2026-11-23T00:30Z')).toEqual([]);
  });

  it('of rules as calendars make them', () => {
    const lastWorkday = { ...WEEKLY, rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1' };
    expect(starts(lastWorkday, '2026-11-24T00:00Z', '2027-01-01T00:00Z')).toEqual([
      '2026-11-30T00:30',
      '2026-12-31T00:30',
    ]);
  });
});

describe('the next occurrence', () => {
  it('is the one under way, then the one after it', () => {
    expect(nextOccurrence(WEEKLY, at('2026-11-23T01:00Z'))?.startsAtMs).toBe(
      at('2026-11-23T00:30Z'),
    );
    expect(nextOccurrence(WEEKLY, at('2026-11-23T02:00Z'))?.startsAtMs).toBe(
      at('2026-11-30T00:30Z'),
    );
  });

  it('is none when the last is over', () => {
    const ended = { ...WEEKLY, rrule: 'FREQ=WEEKLY;COUNT=2' };
    expect(nextOccurrence(ended, at('2026-12-01T00:00Z'))).toBeUndefined();
  });
});

describe('a schedule', () => {
  const refusal = (change: Partial<ConferenceSchedule>) => {
    try {
      requireSchedule({ ...WEEKLY, ...change });
    } catch (err) {
      return (err as { details: { problems: { path: string }[] } }).details.problems[0]?.path;
    }
    return undefined;
  };

  it.each([
    ['as calendars make it', { rrule: 'FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU;UNTIL=20271231T000000Z' }],
    ['with a last day', { rrule: 'FREQ=DAILY;UNTIL=20271231' }],
    ['on a leap day', { startsAt: '2028-02-29T08:00' }],
  ])('%s is taken', (_, change) => {
    expect(refusal(change)).toBeUndefined();
  });

  it.each([
    ['of no rule', { rrule: 'every Monday' }, 'schedule.rrule'],
    ['without a frequency', { rrule: 'INTERVAL=2' }, 'schedule.rrule'],
    ['more often than daily', { rrule: 'FREQ=MINUTELY' }, 'schedule.rrule'],
    ['with hours of its own', { rrule: 'FREQ=DAILY;BYHOUR=1,2,3' }, 'schedule.rrule'],
    ['with a day that is none', { rrule: 'FREQ=WEEKLY;BYDAY=XX' }, 'schedule.rrule'],
    ['with two lines', { rrule: 'FREQ=DAILY\nRDATE:20270101T000000' }, 'schedule.rrule'],
    ['without end to count', { rrule: 'FREQ=DAILY;COUNT=100000' }, 'schedule.rrule'],
    ['that never takes place', { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'schedule.rrule'],
    ['on a day that is none', { startsAt: '2027-02-29T08:00' }, 'schedule.startsAt'],
    ['that leaves such a day out', { exceptions: ['2027-13-01T08:00'] }, 'schedule.exceptions.0'],
  ])('%s is refused', (_, change, path) => {
    expect(refusal(change)).toBe(path);
  });
});
