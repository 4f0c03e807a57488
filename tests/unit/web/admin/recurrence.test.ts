import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  describeRecurrence,
  readRule,
  weekdayOf,
  writeRule,
} from '../../../../src/web/admin/lib/recurrence.ts';
import { en } from '../../../../src/web/admin/locales/en/index.ts';
import { vi } from '../../../../src/web/admin/locales/vi/index.ts';

const ZONE = 'Asia/Ho_Chi_Minh';

const KNOWN: readonly (readonly [rule: string, vi: string, en: string])[] = [
  ['FREQ=DAILY', 'Hằng ngày', 'Every day'],
  ['FREQ=WEEKLY;BYDAY=MO', 'thứ Hai hằng tuần', 'Every Monday'],
  ['FREQ=WEEKLY', 'Hằng tuần', 'Every week'],
  [
    'FREQ=WEEKLY;BYDAY=TU,FR;INTERVAL=2',
    'thứ Ba và thứ Sáu, 2 tuần một lần',
    'Every 2 weeks on Tuesday and Friday',
  ],
  ['FREQ=MONTHLY;BYMONTHDAY=15', 'Ngày 15 hằng tháng', 'Every month on day 15'],
  [
    'FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3',
    'thứ Sáu cuối cùng, 3 tháng một lần',
    'Every 3 months on the last Friday',
  ],
  [
    'FREQ=MONTHLY;BYDAY=2MO;COUNT=10',
    'thứ Hai thứ hai hằng tháng, 10 lần',
    'Every month on the second Monday, 10 times',
  ],
  [
    'FREQ=DAILY;UNTIL=20261231T165959Z',
    'Hằng ngày, đến 31 thg 12, 2026',
    'Every day, until Dec 31, 2026',
  ],
];

const words = i18next.createInstance();

describe('a recurrence', () => {
  beforeAll(async () => {
    await words.init({
      lng: 'vi',
      resources: { vi: { translation: vi }, en: { translation: en } },
      interpolation: { escapeValue: false },
    });
  });

  it.each(KNOWN)('%s is read, said in words, and written as it was', (rule, inVi, inEn) => {
    const recurrence = readRule(rule, ZONE);
    if (!recurrence) throw new Error('not read');
    expect(describeRecurrence(recurrence, words.getFixedT('vi'), 'vi')).toBe(inVi);
    expect(describeRecurrence(recurrence, words.getFixedT('en'), 'en')).toBe(inEn);
    expect(writeRule(recurrence, ZONE)).toBe(rule);
  });

  it.each([
    'FREQ=YEARLY',
    'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1',
    'FREQ=MONTHLY;BYDAY=5MO',
    'FREQ=DAILY;COUNT=3;UNTIL=20261231',
    'nonsense',
  ])('%s is left as it is', rule => {
    expect(readRule(rule, ZONE)).toBeUndefined();
  });

  it('ends with the last second of a day where the meeting is, not where UTC is', () => {
    const end = { kind: 'until', date: '2026-12-31' } as const;
    const daily = { kind: 'daily', interval: 1, end } as const;
    expect(writeRule(daily, 'Asia/Ho_Chi_Minh')).toBe('FREQ=DAILY;UNTIL=20261231T165959Z');
    expect(writeRule(daily, 'America/New_York')).toBe('FREQ=DAILY;UNTIL=20270101T045959Z');
    expect(readRule('FREQ=DAILY;UNTIL=20270101T045959Z', 'America/New_York')).toEqual(daily);
  });

  it('begins with the weekday of the first start', () => {
    expect(weekdayOf('2026-11-30T07:30')).toBe('MO');
    expect(weekdayOf('2026-12-06T00:00')).toBe('SU');
  });
});
