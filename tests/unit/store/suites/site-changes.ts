import { beforeEach, expect, it } from 'vitest';
import type { EndpointId, SiteGroupId, SiteId } from '../../../../src/domain/ids.ts';
import type { Endpoint, Site } from '../../../../src/domain/site.ts';
import type { StoredSite } from '../../../../src/sites/ports.ts';
import type { Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';
import { LAN } from '../../../support/principals.ts';

const endpoint = (id: string, more: Partial<Endpoint> = {}): Endpoint => ({
  id: id as EndpointId,
  siteId: 's1' as SiteId,
  sipUsername: id,
  fixedAddresses: [],
  ...more,
});
const site = (id: string, name: string, more: Partial<Site> = {}): Site => ({
  id: id as SiteId,
  name,
  endpoints: [],
  ...more,
});
const auditQuery = { sort: '-atMs', limit: 50, offset: 0 } as const;

export function siteChanges(databases: Databases): void {
  let store: Store;
  beforeEach(async () => {
    store = await databases.store();
  });
  const names = async (query: Partial<Parameters<Store['findSites']>[0]>) =>
    (await store.findSites({ sort: 'name', ...query })).items.map(({ name }) => name);
  const change = (version: number, more: (site: StoredSite) => Partial<Site>, id = 's1') =>
    store.updateSite(id as SiteId, version, now => ({ ...now, ...more(now) }), LAN);

  it('everything of a site comes back as it was put in', async () => {
    await store.insertGroup({ id: 'g1' as SiteGroupId, name: 'Cụm 1' }, LAN);
    const full = site('s1', 'Xã Tân Phú', {
      number: '2001',
      district: 'Huyện Đồng Phú',
      commune: 'Tân Phú',
      contactName: 'Nguyễn Văn Đức',
      contactPhone: '+84 912 345 678',
      notes: 'Chìa khóa ở bảo vệ',
      lineSpeedBps: 2_000_000,
      srtp: 'required',
      layout: 'speaker',
      groupId: 'g1' as SiteGroupId,
      endpoints: [
        endpoint('e1', { sipUsername: 'tanphu', ha1: { md5: 'm', sha256: 's' } }),
        endpoint('e2', {
          fixedAddresses: ['10.1.2.0/24'],
          dialAddress: 'hall@10.1.2.3:5060',
          dialTransport: 'tcp',
          vendor: 'Huawei',
          model: 'TE40',
          quirks: 'huawei-refresh-names-label',
          isBackup: true,
        }),
      ],
    });
    await store.insertSites([full], LAN);
    const stored = await store.getSite(full.id);
    expect(stored).toMatchObject({ ...full, version: 1 });
    expect(stored?.changedAtMs).toBe(stored?.createdAtMs);
  });

  it('an endpoint without an account is found by its id, and nobody registers as it', async () => {
    await store.insertSites([site('s1', 'A', { endpoints: [endpoint('e1')] })], LAN);
    const found = await store.findEndpoint('e1');
    expect(found?.endpoint).toEqual(endpoint('e1'));
    expect(await store.findEndpoint('e2')).toBeUndefined();
  });

  it('many are stored all or none, and the first that cannot be is told', async () => {
    const sites = [
      site('s1', 'A', { number: '1' }),
      site('s2', 'B', { number: '2' }),
      site('s3', 'C', { number: '1' }),
    ];
    await expect(store.insertSites(sites, LAN)).rejects.toMatchObject({
      code: 'conflict',
      details: { field: 'number', index: 2 },
    });
    expect(await names({})).toEqual([]);
  });

  it('a change stands only on the version that was seen', async () => {
    await store.insertSites([site('s1', 'A')], LAN);
    const changed = await change(1, () => ({ notes: 'first' }));
    expect(changed).toMatchObject({
      before: { version: 1 },
      after: { version: 2, notes: 'first' },
    });
    await expect(change(1, () => ({ notes: 'late' }))).rejects.toMatchObject({
      code: 'version-conflict',
      details: { current: 2 },
    });
    expect(await store.getSite('s1' as SiteId)).toMatchObject({ notes: 'first', version: 2 });
    expect(await change(1, () => ({}), 'nowhere')).toBeUndefined();
  });

  it('of two who change the same version at once one wins and the other is told', async () => {
    await store.insertSites([site('s1', 'A')], LAN);
    const both = await Promise.allSettled([
      change(1, () => ({ notes: 'one' })),
      change(1, () => ({ notes: 'two' })),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.getSite('s1' as SiteId)).toMatchObject({ version: 2 });
  });

  it('a change that cannot be leaves all as it was, the version too', async () => {
    const [a, b] = [site('s1', 'A'), site('s2', 'B', { number: '7' })];
    await store.insertSites([a, b], LAN);
    const refused = change(1, () => ({ name: 'C', number: '7' }));
    await expect(refused).rejects.toMatchObject({ code: 'conflict', details: { field: 'number' } });
    expect(await store.getSite('s1' as SiteId)).toMatchObject({ name: 'A', version: 1 });
    const nowhere = change(1, () => ({ groupId: 'nowhere' as SiteGroupId }));
    await expect(nowhere).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('a changed endpoint is found as it is from then on', async () => {
    const before = endpoint('e1', { sipUsername: 'old', ha1: { md5: 'm', sha256: undefined } });
    await store.insertSites([site('s1', 'A', { endpoints: [before] })], LAN);
    expect((await store.findEndpoint('old'))?.site.name).toBe('A');
    await change(1, () => ({ name: 'B', endpoints: [{ ...before, sipUsername: 'new' }] }));
    expect(await store.findEndpoint('old')).toBeUndefined();
    expect(await store.findEndpoint('new')).toMatchObject({ site: { name: 'B' } });
  });

  it('two endpoints can exchange their accounts; registrations of both are over', async () => {
    const [one, two] = ['one', 'two'].map(user =>
      endpoint(`e-${user}`, { sipUsername: user, ha1: { md5: user, sha256: undefined } }),
    ) as [Endpoint, Endpoint];
    await store.insertSites([site('s1', 'A', { endpoints: [one, two] })], LAN);
    const binding = {
      contactUri: 'sip:x@10.0.0.1',
      sourceAddr: '10.0.0.1:5060',
      sipTransport: 'udp',
      userAgent: '',
      expiresAtMs: 2_000_000_000_000,
      sipCallId: 'c',
      cseq: 1,
    };
    for (const user of ['one', 'two']) await store.saveBindings(user, [binding]);
    await change(1, () => ({
      endpoints: [
        { ...one, sipUsername: 'two' },
        { ...two, sipUsername: 'one' },
      ],
    }));
    expect((await store.findEndpoint('two'))?.endpoint.id).toBe('e-one');
    expect((await store.loadBindings()).size).toBe(0);
  });

  it('an endpoint that is only told of keeps its registrations', async () => {
    const one = endpoint('e1', { sipUsername: 'one', ha1: { md5: 'm', sha256: undefined } });
    await store.insertSites([site('s1', 'A', { endpoints: [one] })], LAN);
    const binding = {
      contactUri: 'sip:x@10.0.0.1',
      sourceAddr: '10.0.0.1:5060',
      sipTransport: 'udp',
      userAgent: '',
      expiresAtMs: 2_000_000_000_000,
      sipCallId: 'c',
      cseq: 1,
    };
    await store.saveBindings('one', [binding]);
    await change(1, () => ({ endpoints: [{ ...one, vendor: 'Polycom' }] }));
    expect((await store.loadBindings()).get('one')).toEqual([binding]);
  });

  it('sites are searched without regard to diacritics and case, by all words', async () => {
    await store.insertSites(
      [
        site('s1', 'Xã Đồng Hới', { contactName: 'Lê Thị Ánh' }),
        site('s2', 'Xã Tân Phú', { district: 'Đồng Phú', number: '2044' }),
        site('s3', '100 % _ốp', { endpoints: [] }),
      ],
      LAN,
    );
    expect(await names({ q: 'dong' })).toEqual(['Xã Đồng Hới', 'Xã Tân Phú']);
    expect(await names({ q: 'ÁNH hoi' })).toEqual(['Xã Đồng Hới']);
    expect(await names({ q: '204' })).toEqual(['Xã Tân Phú']);
    expect(await names({ q: '%' })).toEqual(['100 % _ốp']);
    expect(await names({ q: "' or 1=1 --" })).toEqual([]);
  });

  it('lists have one order, with đ beside d, numbers as numbers, and what is missing last', async () => {
    const rows: [string, string, string | undefined][] = [
      ['s1', 'Xã Ea Tu', '20'],
      ['s2', 'Xã Đà Bắc', '3'],
      ['s3', 'xã Cư Kuin', undefined],
      ['s4', 'Xã Dầu Tiếng', '100'],
    ];
    const sites = rows.map(([id, name, number]) => site(id, name, { ...(number && { number }) }));
    await store.insertSites(sites, LAN);
    const byName = ['xã Cư Kuin', 'Xã Đà Bắc', 'Xã Dầu Tiếng', 'Xã Ea Tu'];
    expect(await names({ sort: 'name' })).toEqual(byName);
    expect(await names({ sort: '-name' })).toEqual([...byName].reverse());
    const byNumber = ['Xã Đà Bắc', 'Xã Ea Tu', 'Xã Dầu Tiếng', 'xã Cư Kuin'];
    expect(await names({ sort: 'number' })).toEqual(byNumber);
    expect((await names({ sort: '-number' })).at(-1)).toBe('xã Cư Kuin');
  });

  it('a part of a list knows how many there are', async () => {
    await store.insertSites(
      Array.from({ length: 25 }, (_, i) => site(`s${i}`, `Xã ${i + 10}`)),
      LAN,
    );
    const page = await store.findSites({ sort: 'name', q: 'xa', part: { limit: 3, offset: 20 } });
    expect(page.total).toBe(25);
    expect(page.items.map(({ name }) => name)).toEqual(['Xã 30', 'Xã 31', 'Xã 32']);
    const beyond = await store.findSites({ sort: 'name', part: { limit: 3, offset: 99 } });
    expect(beyond).toEqual({ items: [], total: 25 });
  });

  it('groups hold sites, keep their names to themselves, and let sites go when they go', async () => {
    const [g1, g2] = ['g1', 'g2'] as [SiteGroupId, SiteGroupId];
    await store.insertGroup({ id: g1, name: 'Cụm 1' }, LAN);
    await store.insertGroup({ id: g2, name: 'Cụm 2' }, LAN);
    const taken = { code: 'conflict', details: { field: 'name' } };
    await expect(store.renameGroup({ id: g2, name: 'Cụm 1' }, LAN)).rejects.toMatchObject(taken);
    await store.insertSites([site('s1', 'A', { groupId: g1 }), site('s2', 'B')], LAN);
    expect(await store.listGroups()).toEqual([
      { id: g1, name: 'Cụm 1', siteCount: 1 },
      { id: g2, name: 'Cụm 2', siteCount: 0 },
    ]);
    expect(await names({ groupIds: new Set([g1]) })).toEqual(['A']);
    expect(await names({ groupIds: new Set([g2]) })).toEqual([]);
    expect(await names({ groupIds: new Set() })).toEqual([]);
    expect(await store.deleteGroup(g1, LAN)).toBe(true);
    expect(await store.deleteGroup(g1, LAN)).toBe(false);
    expect(await store.getSite('s1' as SiteId)).not.toHaveProperty('groupId');
  });

  it('each change is in the audit log, by whom and how, without passwords', async () => {
    const one = endpoint('e1', {
      sipUsername: 'one',
      ha1: { md5: 'secret-1', sha256: 'secret-2' },
    });
    await store.insertSites([site('s1', 'A', { endpoints: [one] })], LAN);
    await change(1, () => ({
      name: 'B',
      endpoints: [{ ...one, ha1: { md5: 'secret-3', sha256: undefined } }],
    }));
    await expect(change(1, () => ({ name: 'C' }))).rejects.toThrow();
    await store.deleteSite('s1' as SiteId, LAN);
    const { items } = await store.listAudit({ ...auditQuery, entityId: 's1' });
    expect(new Set(items.map(({ action }) => action))).toEqual(
      new Set(['created', 'changed', 'deleted']),
    );
    expect(items).toHaveLength(3);
    expect(JSON.stringify(items)).not.toContain('secret');
    const changed = items.find(({ action }) => action === 'changed');
    expect(changed).toMatchObject({
      by: LAN,
      entity: 'site',
      before: { name: 'A' },
      after: { name: 'B', endpoints: [{ passwordChanged: true }] },
    });
  });

  it('a zero character is refused or kept, and never a failure of ours', async () => {
    const name = 'Xã \u0000 Phú';
    const stored = await store.insertSites([site('s1', name)], LAN).then(
      () => 'kept',
      err => err.code,
    );
    expect(['kept', 'bad-request']).toContain(stored);
  });
}
