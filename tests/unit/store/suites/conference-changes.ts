import { beforeEach, expect, it } from 'vitest';
import type { Conference, ConferenceMember } from '../../../../src/domain/conference.ts';
import type { ConferenceId, SiteGroupId, SiteId } from '../../../../src/domain/ids.ts';
import type { Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';
import { LAN } from '../../../support/principals.ts';

const conference = (id: string, number: string, more: Partial<Conference> = {}): Conference => ({
  id: id as ConferenceId,
  name: `Giao ban ${number}`,
  number,
  alias: `giao-ban-${number}`,
  members: [],
  layout: 'auto',
  ...more,
});
const member = (
  siteId: string,
  role: ConferenceMember['role'] = 'site',
  dial: ConferenceMember['dial'] = 'out',
): ConferenceMember => ({ siteId: siteId as SiteId, role, dial });
const [C1, C2] = ['c1', 'c2'] as [ConferenceId, ConferenceId];

export function conferenceChanges(databases: Databases): void {
  let store: Store;
  beforeEach(async () => {
    store = await databases.store();
    const sites = ['s1', 's2', 's3'].map(id => ({ id: id as SiteId, name: id, endpoints: [] }));
    await store.insertSites(sites, LAN);
  });
  const members = async (id: ConferenceId) => (await store.getConference(id))?.members;

  it('everything of a conference comes back as it was put in', async () => {
    await store.insertGroup({ id: 'g1' as SiteGroupId, name: 'Cụm 1' }, LAN);
    const full = conference('c1', '1001', {
      pinHash: 'a:b',
      chairPinHash: 'c:d',
      members: [member('s2', 'hq', 'in'), member('s1'), member('s3', 'observer')],
      schedule: {
        startsAt: '2026-12-01T07:30',
        timeZone: 'Asia/Ho_Chi_Minh',
        durationMin: 90,
        rrule: 'FREQ=WEEKLY;BYDAY=MO',
        exceptions: ['2026-12-07T07:30'],
      },
      agenda: '1. Điểm danh',
      layout: 'lecture',
      gridSize: 9,
      muteOnEntry: true,
      recordingWished: true,
      groupId: 'g1' as SiteGroupId,
    });
    await store.insertConferences([full], LAN);
    expect(await store.getConference(C1)).toMatchObject({ ...full, version: 1 });
    expect(await store.listConferencesOfSite('s3' as SiteId)).toMatchObject([{ id: 'c1' }]);
  });

  it('is for sites that are there, and forgets those that go', async () => {
    const nowhere = conference('c1', '1001', { members: [member('s1'), member('s9')] });
    await expect(store.insertConferences([nowhere], LAN)).rejects.toMatchObject({
      code: 'bad-request',
      details: { problems: [{ path: 'members.1.siteId' }] },
    });
    const there = { ...nowhere, members: [member('s1', 'hq'), member('s2')] };
    await store.insertConferences([there], LAN);
    await store.deleteSite('s1' as SiteId, LAN);
    expect(await members(C1)).toEqual([member('s2')]);
  });

  it('changes on the version that was seen, or on whatever is there', async () => {
    await store.insertConferences([conference('c1', '1001')], LAN);
    const change = (version: number | undefined, agenda: string) =>
      store.updateConference(C1, version, now => ({ ...now, agenda }), LAN);
    expect(await change(1, 'a')).toMatchObject({ version: 2, agenda: 'a' });
    const late = change(1, 'b');
    await expect(late).rejects.toMatchObject({ code: 'version-conflict', details: { current: 2 } });
    expect(await change(undefined, 'c')).toMatchObject({ version: 3, agenda: 'c' });
    expect(await store.updateConference(C2, 1, now => now, LAN)).toBeUndefined();
  });

  it('a number means one thing, also after a change', async () => {
    const numbered = { id: 's4' as SiteId, name: 's4', number: '2001', endpoints: [] };
    await store.insertSites([numbered], LAN);
    await store.insertConferences([conference('c1', '1001'), conference('c2', '1002')], LAN);
    const taken = { code: 'conflict', details: { field: 'number' } };
    for (const number of ['2001', '1002']) {
      const change = store.updateConference(C1, 1, now => ({ ...now, number }), LAN);
      await expect(change).rejects.toMatchObject(taken);
    }
    const site = store.updateSite('s4' as SiteId, 1, now => ({ ...now, number: '1001' }), LAN);
    await expect(site).rejects.toMatchObject(taken);
  });

  it('a site and a conference that want the same number at once do not both get it', async () => {
    const wanted = { id: 's4' as SiteId, name: 's4', number: '3001', endpoints: [] };
    const both = await Promise.allSettled([
      store.insertSites([wanted], LAN),
      store.insertConferences([conference('c1', '3001')], LAN),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('mapping puts in, takes out and gives another part, in many conferences at once', async () => {
    const first = conference('c1', '1001', { members: [member('s1', 'hq'), member('s2')] });
    await store.insertConferences([first, conference('c2', '1002')], LAN);
    const changed = await store.changeMapping(
      {
        add: [
          { conferenceId: C1, ...member('s3', 'hq') },
          { conferenceId: C2, ...member('s1', 'observer', 'in') },
        ],
        remove: [{ conferenceId: C1, siteId: 's2' as SiteId }],
      },
      LAN,
    );
    expect(changed.map(({ id, version }) => [id, version])).toEqual([
      ['c1', 2],
      ['c2', 2],
    ]);
    expect(await members(C1)).toEqual([member('s1'), member('s3', 'hq')]);
    expect(await members(C2)).toEqual([member('s1', 'observer', 'in')]);
  });

  it('mapping is all or nothing', async () => {
    await store.insertConferences([conference('c1', '1001')], LAN);
    const change = store.changeMapping(
      {
        add: [
          { conferenceId: C1, ...member('s1') },
          { conferenceId: C2, ...member('s1') },
        ],
        remove: [],
      },
      LAN,
    );
    await expect(change).rejects.toMatchObject({ code: 'bad-request' });
    expect(await members(C1)).toEqual([]);
  });

  it('lists are searched, filtered by site and group, and sorted', async () => {
    await store.insertGroup({ id: 'g1' as SiteGroupId, name: 'Cụm 1' }, LAN);
    const groupId = 'g1' as SiteGroupId;
    await store.insertConferences(
      [
        conference('c1', '1001', { name: 'Phòng chống lụt bão', members: [member('s1')] }),
        conference('c2', '999', { name: 'Giao ban đầu tuần', groupId }),
      ],
      LAN,
    );
    const ids = async (query: Partial<Parameters<Store['findConferences']>[0]>) =>
      (await store.findConferences({ sort: 'number', ...query })).items.map(({ id }) => id);
    expect(await ids({})).toEqual(['c2', 'c1']);
    expect(await ids({ sort: '-name' })).toEqual(['c1', 'c2']);
    expect(await ids({ q: 'lut BAO' })).toEqual(['c1']);
    expect(await ids({ q: 'giao-ban-1001' })).toEqual(['c1']);
    expect(await ids({ siteId: 's1' })).toEqual(['c1']);
    expect(await ids({ groupId: 'g1' })).toEqual(['c2']);
    expect(await ids({ groupIds: new Set(['g2']) })).toEqual([]);
  });

  it('the audit log has what changed, and of PINs only that they did', async () => {
    await store.insertConferences([conference('c1', '1001', { pinHash: 'secret' })], LAN);
    await store.updateConference(C1, 1, now => ({ ...now, pinHash: 'secret-2' }), LAN);
    await store.deleteConference(C1, LAN);
    const query = { entity: 'conference', sort: '-atMs', limit: 10, offset: 0 } as const;
    const { items } = await store.listAudit(query);
    expect(items).toHaveLength(3);
    expect(JSON.stringify(items)).not.toContain('secret');
    const changed = items.find(({ action }) => action === 'changed');
    expect(changed).toMatchObject({ before: {}, after: { pinChanged: true } });
  });
}
