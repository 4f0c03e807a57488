import { describe, expect, it } from 'vitest';
import type { SiteView } from '../../../../src/contract/sites.ts';
import { daysOf, spanOf, step } from '../../../../src/web/admin/lib/calendar.ts';
import { changesBetween } from '../../../../src/web/admin/lib/changes.ts';
import {
  aliasFor,
  conferenceInputOf,
  conferencePatchOf,
  conferenceProblems,
  emptyConference,
} from '../../../../src/web/admin/lib/conference-form.ts';
import { matchPath, placeOf, withQuery } from '../../../../src/web/admin/lib/router.ts';
import {
  emptySite,
  siteFormOf,
  siteInputOf,
  sitePatchOf,
  siteProblems,
} from '../../../../src/web/admin/lib/site-form.ts';
import { matches } from '../../../../src/web/shared/search.ts';

const SITE: SiteView = {
  ...{ id: 's1', version: 3, createdAtMs: 0, changedAtMs: 0, name: 'Xã Tân Phú', number: '2001' },
  ...{ lineSpeedBps: 512_000, state: 'ready', calls: [], poorLine: false },
  endpoints: [
    {
      ...{ id: 'e1', sipUsername: 'tan-phu', fixedAddresses: ['10.1.0.0/16'], role: 'main' },
      ...{ hasPassword: true, registered: true, state: 'registered' },
    },
  ],
};

describe('the form of a site', () => {
  it('sends what was changed only, and takes away what was emptied', () => {
    const form = { ...siteFormOf(SITE), number: '', lineSpeedKbps: '2000' };
    expect(sitePatchOf(form, ['number', 'lineSpeedKbps'], 3)).toEqual({
      ...{ version: 3, number: null, lineSpeedBps: 2_000_000 },
    });
  });

  it('keeps an endpoint’s id, and its password when none is typed', () => {
    const [endpoint] = sitePatchOf(siteFormOf(SITE), ['endpoints'], 3).endpoints ?? [];
    expect(endpoint).toMatchObject({
      ...{ id: 'e1', sipUsername: 'tan-phu', fixedAddresses: ['10.1.0.0/16'], role: 'main' },
      ...{ vendor: null, dialAddress: null },
    });
    expect(endpoint).not.toHaveProperty('sipPassword');
    expect(siteProblems(siteFormOf(SITE), 3)).toEqual([]);
  });

  it('leaves out a device of which nothing is said', () => {
    expect(siteInputOf({ ...emptySite, name: ' Xã A ' })).toEqual({ name: 'Xã A', endpoints: [] });
  });

  it('finds what the gateway would not take before it is asked', () => {
    const endpoints = emptySite.endpoints.map(one => ({ ...one, fixedAddresses: '10.1.2' }));
    const paths = siteProblems({ ...emptySite, number: '12a', endpoints }, undefined).map(
      one => one.path,
    );
    expect(paths).toEqual(['name', 'number', 'endpoints.0.fixedAddresses.0']);
  });
});

describe('the form of a conference', () => {
  const form = { ...emptyConference, name: 'Giao ban', number: '1001', alias: 'giao-ban' };

  it('makes a link of a name', () => {
    expect(aliasFor('Họp Đảng uỷ – tháng 12')).toBe('hop-dang-uy-thang-12');
  });

  it('sends a schedule as a whole, and takes it away as a whole', () => {
    const planned = { ...form, isScheduled: true, startsAt: '2026-12-01T07:30' };
    expect(conferencePatchOf(planned, ['startsAt'], 1)).toEqual({
      version: 1,
      schedule: { startsAt: '2026-12-01T07:30', timeZone: 'Asia/Ho_Chi_Minh', durationMin: 90 },
    });
    expect(conferencePatchOf(form, ['isScheduled'], 1)).toEqual({ version: 1, schedule: null });
  });

  it('sends a PIN when one is typed, and takes it away only when told to', () => {
    expect(conferenceInputOf(form)).not.toHaveProperty('pin');
    expect(conferencePatchOf({ ...form, pin: '4711' }, ['pin'], 1)).toMatchObject({ pin: '4711' });
    const without = conferencePatchOf({ ...form, removesPin: true }, ['removesPin'], 1);
    expect(without).toEqual({ version: 1, pin: null });
  });

  it('wants a start once it is planned', () => {
    const paths = conferenceProblems({ ...form, isScheduled: true }).map(({ path }) => path);
    expect(paths).toEqual(['schedule.startsAt']);
  });
});

describe('the calendar', () => {
  it('shows whole weeks from Monday around a month, and one week', () => {
    const month = daysOf('month', '2026-12-15', []);
    expect([month[0]?.date, month.at(-1)?.date]).toEqual(['2026-11-30', '2027-01-03']);
    expect([month[0]?.isOther, month[1]?.isOther]).toEqual([true, false]);
    const week = daysOf('week', '2026-12-15', []);
    expect([week.length, week[0]?.date]).toEqual([7, '2026-12-14']);
  });

  it('puts meetings on their days, the early ones first', () => {
    const { fromMs } = spanOf('week', '2026-12-15');
    const entry = (name: string, startsAtMs: number) => ({
      ...{ conferenceId: name, name, startsAtMs, endsAtMs: startsAtMs + 1 },
    });
    const late = entry('late', fromMs + 9 * 3_600_000);
    const early = entry('early', fromMs + 7 * 3_600_000);
    const days = daysOf('week', '2026-12-15', [late, early]);
    expect(days[0]?.entries.map(({ name }) => name)).toEqual(['early', 'late']);
    expect(days[1]?.entries).toEqual([]);
  });

  it('steps over the end of a year', () => {
    expect(step('month', '2026-12-31', 1)).toBe('2027-01-01');
    expect(step('week', '2027-01-01', -1)).toBe('2026-12-25');
  });
});

describe('small things', () => {
  it('finds without diacritics, all words in any order', () => {
    expect(matches('duoc can', 'Huyện Cần Đước')).toBe(true);
    expect(matches('can giuoc', 'Huyện Cần Đước')).toBe(false);
  });

  it('knows pages by their address', () => {
    expect(placeOf({ pathname: '/admin/sites/', search: '?q=a' })).toMatchObject({
      path: '/sites',
    });
    expect(placeOf({ pathname: '/admin', search: '' }).path).toBe('/');
    expect(matchPath('/sites/:siteId', '/sites/a%20b')).toEqual({ siteId: 'a b' });
    expect(matchPath('/sites/:siteId', '/sites')).toBeUndefined();
    const query = new URLSearchParams('q=a&sort=name');
    expect(withQuery('/sites', query, { q: undefined, state: 'ready' })).toBe(
      '/sites?sort=name&state=ready',
    );
  });

  it('tells what a change changed, field by field', () => {
    expect(changesBetween({ name: 'a', n: 1 }, { name: 'b', n: 1, list: [1] })).toEqual([
      { field: 'name', before: 'a', after: 'b' },
      { field: 'list', before: '', after: '[1]' },
    ]);
    expect(changesBetween(undefined, { name: 'a' })).toHaveLength(1);
  });
});
