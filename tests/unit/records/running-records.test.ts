import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConferenceId } from '../../../src/domain/ids.ts';
import type { MeetingRecord } from '../../../src/records/ports.ts';
import { RunningRecords } from '../../../src/records/running-records.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { aParticipant, FakeRecordRooms } from '../../fakes/fake-record-rooms.ts';

const log = pino({ level: 'silent' });
const ID = 'c1' as ConferenceId;
const MINUTE_MS = 60_000;

describe('a meeting whose roll nobody calls', () => {
  let store: Store;
  let rooms: FakeRecordRooms;
  let records: RunningRecords;
  let nowMs: number;
  const open = () => RunningRecords.open({ store, rooms, now: () => nowMs, log });
  const settled = async () => {
    for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
  };
  const kept = async (): Promise<readonly MeetingRecord[]> => {
    await settled();
    return (await store.findRecords({ sort: 'startedAtMs', limit: 10, offset: 0 })).items;
  };

  beforeEach(async () => {
    nowMs = 50_000;
    store = await openStore({ file: ':memory:', log });
    rooms = new FakeRecordRooms();
    records = await open();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await records.close();
    await store.close();
  });

  it('keeps who came, who went and what was written', async () => {
    rooms.enter(aParticipant('p1', 'Xã Tân Phú', { siteId: 's1', joinedAtMs: 2_000 }));
    rooms.enter(aParticipant('p2', 'Chị Lan', { joinedAtMs: 3_000 }));
    await settled();
    rooms.write('Chị Lan', 'Kính chào các xã');
    nowMs = 70_000;
    rooms.leave('p1');
    await settled();
    nowMs = 90_000;
    rooms.endMeeting();
    const [record, ...others] = await kept();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      ...{ title: 'Giao ban Tỉnh uỷ', startedAtMs: 1_000, endedAtMs: 90_000 },
      attendance: [
        { name: 'Xã Tân Phú', kind: 'site', cameAtMs: 2_000, wentAtMs: 70_000 },
        { name: 'Chị Lan', kind: 'person', cameAtMs: 3_000, wentAtMs: 90_000 },
      ],
      rows: [{ mark: 'present' }, { name: 'Xã Mỹ Đức', mark: 'unmarked' }, { name: 'Chị Lan' }],
      chat: [{ text: 'Kính chào các xã' }],
    });
    expect(record?.ledBy).toBeUndefined();
  });

  it('has no record when nobody came', async () => {
    rooms.changed();
    rooms.endMeeting();
    expect(await kept()).toEqual([]);
  });

  it('is kept while it runs, and gone on with after a crash', async () => {
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    await settled();
    await records.close();
    rooms.leave('p1');
    records = await open();
    nowMs += 5_000;
    rooms.enter(aParticipant('p9', 'Chị Lan', { joinedAtMs: nowMs }));
    expect(await kept()).toMatchObject([{ attendance: [{ id: 'p9', cameAtMs: 1_000 }] }]);
  });

  it('without a start, is over when nobody comes back after a crash', async () => {
    rooms.startedAtMs = undefined;
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    await settled();
    await records.close();
    rooms.leave('p1');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    records = await open();
    expect(await kept()).not.toMatchObject([{ endedAtMs: expect.any(Number) }]);
    vi.advanceTimersByTime(5 * MINUTE_MS);
    expect(await kept()).toMatchObject([{ endedAtMs: nowMs, attendance: [{ wentAtMs: nowMs }] }]);
  });

  it('is not written again for who only speaks', async () => {
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    await settled();
    let writes = 0;
    const { saveRecord } = store;
    Object.assign(store, {
      saveRecord: (...given: Parameters<typeof saveRecord>) => {
        writes += 1;
        return saveRecord(...given);
      },
    });
    for (let i = 0; i < 5; i += 1) rooms.changed();
    await settled();
    expect(writes).toBe(0);
  });

  it('tells of its record as soon as there is one, and of the next meeting’s', async () => {
    const told: string[] = [];
    records.watch(ID, { onLatest: ({ id }) => told.push(id), onRoll: () => told.push('roll') });
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    await settled();
    rooms.endMeeting();
    await settled();
    rooms.startedAtMs = 99_000;
    rooms.enter(aParticipant('p2', 'Chị Lan'));
    const ids = (await kept()).map(({ id }) => id);
    expect(told).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
  });

  it('that is started while people are there already is one record, with its own start', async () => {
    rooms.startedAtMs = undefined;
    rooms.enter(aParticipant('p1', 'Chị Lan', { joinedAtMs: 2_000 }));
    await settled();
    rooms.startedAtMs = 40 * MINUTE_MS;
    rooms.enter(
      aParticipant('p2', 'Xã Tân Phú', { siteId: 's1', joinedAtMs: rooms.startedAtMs + MINUTE_MS }),
    );
    expect(await kept()).toMatchObject([
      {
        ...{ isOfMeeting: true, startedAtMs: rooms.startedAtMs },
        rows: [{ name: 'Xã Tân Phú', mark: 'present' }, {}, { name: 'Chị Lan', mark: 'present' }],
      },
    ]);
    rooms.endMeeting();
    expect((await kept()).map(({ endedAtMs }) => endedAtMs)).toEqual([50_000]);
  });

  it.each([
    ['all who lost the line and are back soon go on', 4 * MINUTE_MS, 1],
    ['who comes much later begins another', 6 * MINUTE_MS, 2],
  ])('without a start: %s', async (_, awayMs, count) => {
    rooms.startedAtMs = undefined;
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    await settled();
    rooms.leave('p1');
    await settled();
    nowMs += awayMs;
    rooms.enter(aParticipant('p2', 'Chị Lan', { joinedAtMs: nowMs }));
    const found = await kept();
    expect(found).toHaveLength(count);
    expect(found.filter(({ endedAtMs }) => endedAtMs === undefined)).toHaveLength(1);
  });

  it('that could not be stored is tried again with all of it', async () => {
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    await settled();
    const { saveRecord } = store;
    Object.assign(store, { saveRecord: () => Promise.reject(new Error('disk full')) });
    rooms.write('Chị Lan', 'Kính chào các xã');
    await settled();
    Object.assign(store, { saveRecord });
    rooms.changed();
    expect(await kept()).toMatchObject([{ chat: [{ text: 'Kính chào các xã' }] }]);
  });
});
