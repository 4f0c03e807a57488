import { join } from 'node:path';
import pino from 'pino';
import { beforeEach, expect, it } from 'vitest';
import type { ConferenceId, SiteGroupId } from '../../../../src/domain/ids.ts';
import type { MeetingRecord } from '../../../../src/records/ports.ts';
import { backUp, restore } from '../../../../src/store/backup/index.ts';
import { openStore, type Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';

const log = pino({ level: 'silent' });
const ALL = { sort: '-startedAtMs', limit: 10, offset: 0 };
const LINE = { id: 'l1', atMs: 1_500, participantId: 'p1', name: 'Chị Lan', text: 'Chào các xã' };
const PRESENCE = { id: 'p1', kind: 'person', name: 'Chị Lan', cameAtMs: 1_200 } as const;

function aRecord(id: string, more: Partial<MeetingRecord> = {}): MeetingRecord {
  return {
    id,
    conferenceId: 'c1' as ConferenceId,
    title: 'Giao ban Tỉnh uỷ',
    ledBy: 'Trần Văn Hữu',
    startedAtMs: 1_700_000_000_000,
    isOfMeeting: true,
    dueAtMs: 1_700_000_000_500,
    createdAtMs: 1_700_000_001_000,
    rows: [
      {
        ...{ id: 's1', kind: 'site', name: 'Xã Tân Phú', mark: 'late', byHand: true },
        ...{ arrivedAtMs: 1_700_000_700_000, headcount: 12, note: 'Mất điện' },
      },
    ],
    attendance: [PRESENCE],
    chat: [LINE],
    ...more,
  };
}
const SIGNED = aRecord('r1', { signed: { name: 'Nguyễn Thị Thuỷ', atMs: 1_700_000_900_000 } });

/** Records of meetings. */
export function records(databases: Databases): void {
  let store: Store;
  beforeEach(async () => {
    store = await databases.store();
  });

  it('come back as they were saved last', async () => {
    await store.saveRecord(aRecord('r1', { rows: [], chat: [] }));
    await store.saveRecord(SIGNED);
    expect(await store.getRecord('r1')).toEqual(SIGNED);
    const full = aRecord('r2', {
      groupId: 'g1' as SiteGroupId,
      corrects: 'r1',
      endedAtMs: 1_700_005_000_000,
      isOfMeeting: false,
    });
    await store.saveRecord(full);
    expect(await store.getRecord('r2')).toEqual(full);
    expect(await store.getRecord('r3')).toBeUndefined();
  });

  it('that are signed keep their roll and who signed; chat and end are still added', async () => {
    await store.saveRecord(SIGNED);
    const later = { ...LINE, id: 'l2', text: 'Kết thúc' };
    await store.saveRecord({
      ...SIGNED,
      rows: [],
      signed: { name: 'Another', atMs: 1 },
      attendance: [{ ...PRESENCE, wentAtMs: 9_000 }],
      chat: [LINE, later],
      endedAtMs: 1_700_005_000_000,
    });
    expect(await store.getRecord('r1')).toEqual({
      ...SIGNED,
      attendance: [{ ...PRESENCE, wentAtMs: 9_000 }],
      chat: [LINE, later],
      endedAtMs: 1_700_005_000_000,
    });
    const { signed: _, ...unsigned } = SIGNED;
    await store.saveRecord(unsigned);
    expect(await store.getRecord('r1')).toMatchObject({ signed: SIGNED.signed });
  });

  it('follow their meeting until they are signed: title, start, and who calls the roll', async () => {
    const { ledBy: _, ...uncalled } = aRecord('r1', { isOfMeeting: false });
    await store.saveRecord(uncalled);
    expect(await store.getRecord('r1')).toEqual(uncalled);
    const called = aRecord('r1', { title: 'Họp tổ đại biểu', startedAtMs: 5, dueAtMs: 6 });
    await store.saveRecord(called);
    expect(await store.getRecord('r1')).toEqual(called);
    expect(await store.findRecords({ ...ALL, q: 'to dai bieu huu' })).toMatchObject({ total: 1 });
  });

  it('are signed in one step with what the audit log says of it', async () => {
    await store.saveRecord(SIGNED, {
      ...{ by: { kind: 'chair', name: 'Chị Lan' }, action: 'signed', entity: 'record' },
      ...{ entityId: 'r1', before: { signedBy: null }, after: { signedBy: 'Thuỷ' } },
    });
    const { items } = await store.listAudit({ ...ALL, sort: 'atMs', entityId: 'r1' });
    expect(items).toMatchObject([
      { by: { kind: 'chair', name: 'Chị Lan' }, action: 'signed', after: { signedBy: 'Thuỷ' } },
    ]);
  });

  it('of meetings that are not over are found again, the first one first', async () => {
    await store.saveRecord(aRecord('r2', { createdAtMs: 1_700_000_002_000, corrects: 'r1' }));
    await store.saveRecord(SIGNED);
    await store.saveRecord(aRecord('r3', { endedAtMs: 1_700_005_000_000 }));
    expect((await store.loadOpenRecords()).map(({ id }) => id)).toEqual(['r1', 'r2']);
  });

  it.each([
    ['whose words these are, without diacritics', { q: 'tinh uy huu' }, 2],
    ['of words that none has', { q: 'xa dat do' }, 0],
    ['that are signed', { signed: true }, 1],
    ['that are not', { signed: false }, 1],
    ['of a conference', { conferenceId: 'c2' }, 0],
    ['that began then or later', { fromMs: 1_700_000_000_000 }, 2],
    ['that began later', { fromMs: 1_700_000_000_001 }, 0],
    ['that began before', { toMs: 1_699_999_999_999 }, 0],
    ['of a group', { groupIds: new Set(['g1']) }, 1],
    ['of no group', { groupIds: new Set<string>() }, 0],
  ])('are found %s', async (_, filter, total) => {
    await store.saveRecord(SIGNED);
    await store.saveRecord(aRecord('r2', { groupId: 'g1' as SiteGroupId }));
    expect(await store.findRecords({ ...ALL, ...filter })).toMatchObject({ total });
  });

  it('are listed by when they began or by title, a part of them at a time', async () => {
    await store.saveRecord(aRecord('r1', { title: 'Đảng uỷ', startedAtMs: 1 }));
    await store.saveRecord(aRecord('r2', { title: 'An ninh', startedAtMs: 2 }));
    const ids = async (sort: string, offset = 0) =>
      (await store.findRecords({ ...ALL, sort, offset })).items.map(({ id }) => id);
    expect(await ids('-startedAtMs')).toEqual(['r2', 'r1']);
    expect(await ids('title')).toEqual(['r2', 'r1']);
    expect(await ids('-title', 1)).toEqual(['r2']);
  });

  it('are in backups', async () => {
    const [from, to] = [await databases.empty(), await databases.empty()];
    const backup = join(databases.folder(), 'backup.jsonl');
    const first = await openStore({ file: from, log });
    await first.saveRecord(SIGNED);
    await first.close();
    await backUp({ file: from, log }, backup);
    await restore({ file: to, log }, backup);
    const copy = await openStore({ file: to, log });
    expect(await copy.getRecord('r1')).toEqual(SIGNED);
    await copy.close();
  });
}
