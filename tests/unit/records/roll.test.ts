import { describe, expect, it } from 'vitest';
import { countRoll } from '../../../src/contract/records.ts';
import type { SiteId } from '../../../src/domain/ids.ts';
import {
  connectedRows,
  emptyRoll,
  LATE_AFTER_MS,
  restAbsent,
  withArrivals,
  withChange,
} from '../../../src/records/roll.ts';
import { aParticipant } from '../../fakes/fake-record-rooms.ts';

const DUE_AT_MS = 1_000;
const EMPTY = emptyRoll([
  { siteId: 's1' as SiteId, name: 'Xã Tân Phú' },
  { siteId: 's2' as SiteId, name: 'Xã Mỹ Đức' },
]);
const codec = (siteId: string, joinedAtMs = 1_000) =>
  aParticipant(`p-${siteId}`, siteId, { siteId, joinedAtMs });
const marks = (rows: readonly { mark: string }[]) => rows.map(({ mark }) => mark);
const seen = (...participants: Parameters<typeof withArrivals>[1]) =>
  withArrivals(EMPTY, participants, DUE_AT_MS);

describe('a roll', () => {
  it('has the sites of the conference in their order, marked by nobody', () => {
    expect(EMPTY.map(({ name }) => name)).toEqual(['Xã Tân Phú', 'Xã Mỹ Đức']);
    expect(marks(EMPTY)).toEqual(['unmarked', 'unmarked']);
  });

  it.each([
    ['before the start', DUE_AT_MS - 60_000, 'present'],
    ['just in time', DUE_AT_MS + LATE_AFTER_MS, 'present'],
    ['after the time that is allowed', DUE_AT_MS + LATE_AFTER_MS + 1, 'late'],
  ])('a site that came %s is marked by itself', (_, joinedAtMs, mark) => {
    const [row] = seen(codec('s1', joinedAtMs));
    expect(row).toMatchObject({ mark, byHand: false, arrivedAtMs: joinedAtMs });
  });

  it('who was there once stays so, and keeps when it came first', () => {
    const first = seen(codec('s1', 2_000));
    expect(withArrivals(first, [], DUE_AT_MS)).toBe(first);
    expect(withArrivals(first, [codec('s1', 9_000)], DUE_AT_MS)).toBe(first);
  });

  it('a mark by hand is never changed by who connects; the arrival is still noted', () => {
    const [site, other] = EMPTY;
    if (!site || !other) throw new Error('no rows');
    const rows = [withChange(site, { mark: 'absent' }), other];
    const [row] = withArrivals(rows, [codec('s1')], DUE_AT_MS);
    expect(row).toMatchObject({ mark: 'absent', byHand: true, arrivedAtMs: 1_000 });
    const back = row && withChange(row, { mark: 'unmarked' });
    expect(withArrivals(back ? [back] : [], [codec('s1')], DUE_AT_MS)).toMatchObject([
      { mark: 'present', byHand: false },
    ]);
  });

  it('has who else is there after the sites: laptops, and sites that are not of the conference', () => {
    const rows = seen(aParticipant('p1', 'Chị Lan'), codec('s9'));
    expect(rows.slice(2)).toMatchObject([
      { kind: 'person', name: 'Chị Lan', mark: 'present' },
      { kind: 'site', id: 's9', name: 's9', mark: 'present' },
    ]);
  });

  it('who comes again after a lost connection has the same row; of two of one name each has one', () => {
    const rows = seen(aParticipant('p1', 'Chị Lan'));
    const again = aParticipant('p2', 'Chị Lan', { joinedAtMs: 5_000 });
    expect(withArrivals(rows, [again], DUE_AT_MS)).toBe(rows);
    expect(connectedRows(rows, [again])).toEqual(new Map([[rows[2]?.id, 'p2']]));
    const both = withArrivals(rows, [aParticipant('p1', 'Chị Lan'), again], DUE_AT_MS);
    expect(both.slice(2)).toMatchObject([{ name: 'Chị Lan' }, { name: 'Chị Lan' }]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(4);
  });

  it('takes a headcount and a note, and takes them away again', () => {
    const [row] = EMPTY;
    const noted = row && withChange(row, { headcount: 12, note: 'Chủ tịch vắng' });
    expect(noted).toMatchObject({ headcount: 12, note: 'Chủ tịch vắng', mark: 'unmarked' });
    const bare = noted && withChange(noted, { headcount: null, note: '' });
    expect(bare).toEqual(row);
  });

  it('who is not marked can be marked absent at once, and all are counted', () => {
    const rows = restAbsent(seen(codec('s1', DUE_AT_MS + LATE_AFTER_MS + 1)));
    expect(marks(rows)).toEqual(['late', 'absent']);
    const people = rows.map(row => withChange(row, { headcount: 7 }));
    const counts = { present: 1, late: 1, absent: 1, unmarked: 0, of: 2, headcount: 14 };
    expect(countRoll(people)).toEqual(counts);
  });
});
