import { describe, expect, it } from 'vitest';
import { keepLastRecord, lastRecord } from '../../../src/web/room/last-record.ts';

const HOUR_MS = 3_600_000;

describe('the record of the last meeting, in a tab', () => {
  function shelf() {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
  }
  const record = { conferenceName: 'Giao ban', ticket: 'abc', atMs: 1000 };

  it('is found again for a day, for its conference only', () => {
    const tab = shelf();
    keepLastRecord('giao-ban', record, tab);
    expect(lastRecord('giao-ban', 1000 + 23 * HOUR_MS, tab)).toEqual(record);
    expect(lastRecord('giao-ban', 1000 + 24 * HOUR_MS, tab)).toBeUndefined();
    expect(lastRecord('khac', 1000, tab)).toBeUndefined();
  });

  it('is nothing where the shelf is empty, forbidden or holds something else', () => {
    const tab = shelf();
    expect(lastRecord('giao-ban', 0, tab)).toBeUndefined();
    tab.setItem('diemcau.record.giao-ban', '{"ticket":1}');
    expect(lastRecord('giao-ban', 0, tab)).toBeUndefined();
    const forbidden = {
      getItem: () => {
        throw new Error('SecurityError');
      },
      setItem: () => {
        throw new Error('SecurityError');
      },
    };
    keepLastRecord('giao-ban', record, forbidden);
    expect(lastRecord('giao-ban', 0, forbidden)).toBeUndefined();
  });
});
