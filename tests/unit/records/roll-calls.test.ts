import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RollCallView } from '../../../src/contract/records.ts';
import type { Actor } from '../../../src/domain/actor.ts';
import type { ConferenceId, SiteId } from '../../../src/domain/ids.ts';
import { RollCalls } from '../../../src/records/roll-calls.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { aParticipant, FakeRecordRooms } from '../../fakes/fake-record-rooms.ts';

const log = pino({ level: 'silent' });
const ID = 'c1' as ConferenceId;
const NOW_MS = 50_000;
const LAN: Actor = { kind: 'chair', name: 'Chị Lan', address: '192.0.2.7' };
const ALL = { sort: '-startedAtMs', limit: 10, offset: 0 };

describe('the roll call of a meeting', () => {
  let store: Store;
  let rooms: FakeRecordRooms;
  let rollCalls: RollCalls;
  let told: RollCallView[];
  let nowMs: number;
  const open = () => RollCalls.open({ store, audit: store, rooms, now: () => nowMs, log });
  /** What was asked before this is done. */
  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  };
  const kept = async () => (await store.findRecords(ALL)).items;

  beforeEach(async () => {
    store = await openStore({ file: ':memory:', log });
    rooms = new FakeRecordRooms();
    nowMs = NOW_MS;
    rollCalls = await open();
    told = [];
    rollCalls.watch(ID, view => told.push(view));
  });
  afterEach(async () => {
    await rollCalls.close();
    await store.close();
  });

  it('has who is there already, and tells all chairs of it', async () => {
    rooms.enter(aParticipant('p1', 'Xã Tân Phú', { siteId: 's1' }));
    expect(told).toEqual([]);
    const view = await rollCalls.start(ID, 'Chị Lan');
    expect(view).toMatchObject({ title: 'Giao ban Tỉnh uỷ', ledBy: 'Chị Lan', startedAtMs: 1_000 });
    expect(view.rows).toMatchObject([
      { name: 'Xã Tân Phú', mark: 'present', participantId: 'p1' },
      { name: 'Xã Mỹ Đức', mark: 'unmarked' },
    ]);
    expect(told.at(-1)).toEqual(view);
    const late: RollCallView[] = [];
    rollCalls.watch(ID, one => late.push(one));
    expect(late).toEqual([view]);
  });

  it('is one, when two chairs begin it at once', async () => {
    const [one, other] = await Promise.all([
      rollCalls.start(ID, 'Chị Lan'),
      rollCalls.start(ID, 'Anh Hùng'),
    ]);
    expect(other.id).toBe(one.id);
    expect((await rollCalls.start(ID, 'Anh Hùng')).id).toBe(one.id);
    expect(await kept()).toHaveLength(1);
  });

  it('follows who comes and goes, and keeps it at once', async () => {
    await rollCalls.start(ID, 'Chị Lan');
    rooms.enter(aParticipant('p2', 'Xã Mỹ Đức', { siteId: 's2', joinedAtMs: 2_000_000 }));
    await settled();
    expect(told.at(-1)?.rows[1]).toMatchObject({ mark: 'late', participantId: 'p2' });
    rooms.leave('p2');
    await settled();
    expect(told.at(-1)?.rows[1]).not.toHaveProperty('participantId');
    expect((await kept())[0]?.rows[1]).toMatchObject({ mark: 'late', arrivedAtMs: 2_000_000 });
  });

  it('what a chair marks is kept when the answer is there', async () => {
    await rollCalls.start(ID, 'Chị Lan');
    await rollCalls.mark(ID, 's2', { mark: 'absent', note: 'Báo bận', headcount: 3 });
    expect((await kept())[0]?.rows[1]).toMatchObject({
      mark: 'absent',
      byHand: true,
      note: 'Báo bận',
      headcount: 3,
    });
    expect(told.at(-1)?.rows[1]).toMatchObject({ mark: 'absent' });
  });

  it('of two chairs who mark at once neither loses anything', async () => {
    await rollCalls.start(ID, 'Chị Lan');
    await Promise.all([
      rollCalls.mark(ID, 's1', { headcount: 4 }),
      rollCalls.mark(ID, 's1', { mark: 'present' }),
      rollCalls.mark(ID, 's2', { mark: 'late' }),
    ]);
    expect((await kept())[0]?.rows).toMatchObject([
      { mark: 'present', headcount: 4 },
      { mark: 'late' },
    ]);
  });

  it.each([
    ['a row that is not there', () => rollCalls.mark(ID, 's9', { mark: 'late' }), 'not-found'],
    ['a meeting without a roll', () => rollCalls.sign('c2' as ConferenceId, 'x', LAN), 'not-found'],
    [
      'a conference that is not there',
      () => rollCalls.start('c2' as ConferenceId, 'x'),
      'conference-not-found',
    ],
    ['a sign-off while somebody is unmarked', () => rollCalls.sign(ID, 'Lan', LAN), 'conflict'],
  ])('%s is refused', async (_, act, code) => {
    await rollCalls.start(ID, 'Chị Lan');
    await expect(act()).rejects.toMatchObject({ code });
  });

  it('once signed is not changed any more, by chairs or by who comes', async () => {
    await rollCalls.start(ID, 'Chị Lan');
    await rollCalls.markRestAbsent(ID);
    const signed = await rollCalls.sign(ID, 'Nguyễn Thị Lan', LAN);
    expect(signed.signed).toEqual({ name: 'Nguyễn Thị Lan', atMs: NOW_MS });
    for (const change of [
      () => rollCalls.mark(ID, 's1', { mark: 'present' }),
      () => rollCalls.markRestAbsent(ID),
      () => rollCalls.sign(ID, 'Anh Hùng', LAN),
    ])
      await expect(change()).rejects.toMatchObject({ code: 'conflict' });
    rooms.enter(aParticipant('p1', 'Xã Tân Phú', { siteId: 's1' }));
    await settled();
    expect((await kept())[0]?.rows.map(({ mark }) => mark)).toEqual(['absent', 'absent']);
  });

  it('a correction is a new record that names the signed one, which stands', async () => {
    await rollCalls.start(ID, 'Chị Lan');
    await rollCalls.markRestAbsent(ID);
    const signed = await rollCalls.sign(ID, 'Nguyễn Thị Lan', LAN);
    const correction = await rollCalls.start(ID, 'Anh Hùng');
    expect(correction).toMatchObject({ corrects: signed.id, ledBy: 'Anh Hùng' });
    expect(correction.signed).toBeUndefined();
    await rollCalls.mark(ID, 's1', { mark: 'present' });
    expect(told.at(-1)).toMatchObject({ id: correction.id });
    expect(await store.getRecord(signed.id)).toMatchObject({
      rows: [{ mark: 'absent' }, { mark: 'absent' }],
      signed: { name: 'Nguyễn Thị Lan' },
    });
  });

  it('keeps what is written until the meeting ends, signed or not', async () => {
    rooms.write('Chị Lan', 'Chào các xã');
    await rollCalls.start(ID, 'Chị Lan');
    await rollCalls.markRestAbsent(ID);
    const { id } = await rollCalls.sign(ID, 'Lan', LAN);
    rooms.write('Anh Hùng', 'Xã Mỹ Đức xin phép vào muộn');
    await settled();
    nowMs = 90_000;
    rooms.endMeeting();
    await settled();
    const record = await store.getRecord(id);
    expect(record?.chat.map(({ text }) => text)).toEqual([
      'Chào các xã',
      'Xã Mỹ Đức xin phép vào muộn',
    ]);
    expect(record).toMatchObject({ endedAtMs: 90_000, signed: { atMs: NOW_MS } });
    await expect(rollCalls.mark(ID, 's1', {})).rejects.toMatchObject({ code: 'not-found' });
  });

  it('signed off and taken away stands in the audit log: who, what, before and after', async () => {
    await rollCalls.start(ID, 'Chị Lan');
    await rollCalls.mark(ID, 's1', { mark: 'late', headcount: 4 });
    await rollCalls.markRestAbsent(ID);
    const { id } = await rollCalls.sign(ID, 'Nguyễn Thị Lan', LAN);
    await rollCalls.file(ID, { format: 'csv', language: 'vi' }, LAN);
    await expect(rollCalls.sign(ID, 'Anh Hùng', LAN)).rejects.toMatchObject({ code: 'conflict' });
    const { items } = await store.listAudit({ entity: 'record', ...ALL, sort: 'atMs' });
    // Both in one millisecond have no order.
    const byAction = items.toSorted((a, b) => b.action.localeCompare(a.action));
    expect(byAction).toMatchObject([
      {
        ...{ by: LAN, action: 'signed', entityId: id, before: { signedBy: null } },
        after: { name: 'Giao ban Tỉnh uỷ', signedBy: 'Nguyễn Thị Lan', late: 1, absent: 1 },
      },
      {
        ...{ by: LAN, action: 'exported', entityId: id },
        after: { format: 'csv', language: 'vi', signedBy: 'Nguyễn Thị Lan' },
      },
    ]);
  });

  it('has the sites that the conference got after the first one came', async () => {
    rooms.enter(aParticipant('p1', 'Xã Tân Phú', { siteId: 's1' }));
    await settled();
    rooms.sites.push({ siteId: 's3' as SiteId, name: 'Xã Phước Lý' });
    const { rows } = await rollCalls.start(ID, 'Chị Lan');
    expect(rows.map(({ name, mark }) => [name, mark])).toEqual([
      ['Xã Tân Phú', 'present'],
      ['Xã Mỹ Đức', 'unmarked'],
      ['Xã Phước Lý', 'unmarked'],
    ]);
  });

  it('has who was there and left before it was called', async () => {
    rooms.enter(aParticipant('p1', 'Xã Tân Phú', { siteId: 's1' }));
    await settled();
    rooms.leave('p1');
    const { rows } = await rollCalls.start(ID, 'Chị Lan');
    expect(rows[0]).toMatchObject({ name: 'Xã Tân Phú', mark: 'present', arrivedAtMs: 1_000 });
  });

  it('goes on after a crash, with all that was written before', async () => {
    const { id } = await rollCalls.start(ID, 'Chị Lan');
    await rollCalls.mark(ID, 's1', { mark: 'present', headcount: 9 });
    rooms.write('Chị Lan', 'Chào các xã');
    await settled();
    await rollCalls.close();
    rooms.lines.length = 0;
    const other = await open();
    rooms.lines.push({ id: 'new', atMs: 1, participantId: 'p', name: 'Lan', text: 'Tiếp tục' });
    const view = await other.mark(ID, 's2', { mark: 'absent' });
    expect(view).toMatchObject({ id, rows: [{ headcount: 9 }, { mark: 'absent' }] });
    rooms.changed();
    await settled();
    expect((await kept())[0]?.chat).toMatchObject([{ text: 'Chào các xã' }, { text: 'Tiếp tục' }]);
    await other.close();
  });

  it('of a meeting that a crash has ended is over', async () => {
    const { id } = await rollCalls.start(ID, 'Chị Lan');
    await rollCalls.close();
    rooms.startedAtMs = 77_000;
    const other = await open();
    expect(await store.getRecord(id)).toMatchObject({ endedAtMs: NOW_MS });
    await expect(other.sign(ID, 'Lan', LAN)).rejects.toMatchObject({ code: 'not-found' });
    await other.close();
  });

  it('of a conference without a meeting ends when the last one has left', async () => {
    rooms.startedAtMs = undefined;
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    const { id } = await rollCalls.start(ID, 'Chị Lan');
    rooms.leave('p1');
    await settled();
    expect(await store.getRecord(id)).toMatchObject({ endedAtMs: NOW_MS });
  });
});
