import { beforeEach, expect, it } from 'vitest';
import type { Conference, ConferenceMember } from '../../../../src/domain/conference.ts';
import type { ConferenceId, EndpointId, SiteId } from '../../../../src/domain/ids.ts';
import type { Binding, Site } from '../../../../src/domain/site.ts';
import type { Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';
import { LAN } from '../../../support/principals.ts';

const site = (id: string, name: string, ...users: string[]): Site => ({
  id: id as SiteId,
  name,
  endpoints: users.map(user => ({
    id: `e-${user}` as EndpointId,
    siteId: id as SiteId,
    sipUsername: user,
    ha1: { md5: `md5-${user}`, sha256: user === 'old' ? undefined : `sha-${user}` },
    fixedAddresses: [],
  })),
});
const conference = (id: string, number: string, alias: string): Conference => ({
  id: id as ConferenceId,
  name: 'Giao ban tuần',
  number,
  alias,
  members: [],
  layout: 'auto',
});

const member = (siteId: string, role: ConferenceMember['role'] = 'site'): ConferenceMember => ({
  siteId: siteId as SiteId,
  role,
  dial: 'out',
});

/** What calls and registrations ask of the store. */
export function callStore(databases: Databases): void {
  let store: Store;
  const insertSite = (one: Site) => store.insertSites([one], LAN);
  const insertConference = (one: Conference) => store.insertConferences([one], LAN);
  const deleteSite = (id: string) => store.deleteSite(id as SiteId, LAN);
  beforeEach(async () => {
    store = await databases.store();
  });

  it('gives back a site as it was put in, endpoints in order', async () => {
    const tanPhu = site('s1', 'Xã Tân Phú', 'main', 'backup', 'old');
    await insertSite(tanPhu);
    expect(await store.getSite(tanPhu.id)).toMatchObject(tanPhu);
    expect(await store.listSites()).toMatchObject([tanPhu]);
    expect(await store.findEndpoint('backup')).toEqual({
      endpoint: tanPhu.endpoints[1],
      site: { id: 's1', name: 'Xã Tân Phú' },
    });
    expect(await store.getEndpoint('e-main' as EndpointId)).toEqual(tanPhu.endpoints[0]);
  });

  it('knows nothing of what is not there', async () => {
    expect(await store.getSite('x' as SiteId)).toBeUndefined();
    expect(await store.findEndpoint('x')).toBeUndefined();
    expect(await store.getConference('x' as ConferenceId)).toBeUndefined();
    expect(await store.findByNumber('1')).toBeUndefined();
    expect(await deleteSite('x')).toBeUndefined();
    expect(await store.deleteConference('x' as ConferenceId, LAN)).toBe(false);
  });

  it('refuses a taken username, names the field, and stores nothing of that site', async () => {
    await insertSite(site('s1', 'A', 'main'));
    const second = site('s2', 'B', 'other', 'main');
    const endpoints = second.endpoints.map(one => ({
      ...one,
      id: `second-${one.id}` as EndpointId,
    }));
    const clash = insertSite({ ...second, endpoints });
    await expect(clash).rejects.toMatchObject({
      code: 'conflict',
      details: { field: 'sipUsername' },
    });
    expect(await store.getSite('s2' as SiteId)).toBeUndefined();
    expect(await store.findEndpoint('other')).toBeUndefined();
  });

  it('deleting a site takes its endpoints along and frees their names', async () => {
    await insertSite(site('s1', 'A', 'main'));
    expect(await deleteSite('s1')).toMatchObject({ name: 'A' });
    expect(await store.findEndpoint('main')).toBeUndefined();
    await insertSite(site('s2', 'B', 'main'));
  });

  it('an endpoint that was asked for is not found after its deletion, and anew as it is then', async () => {
    await insertSite(site('s1', 'A', 'main'));
    expect((await store.findEndpoint('main'))?.site.name).toBe('A');
    const underWay = store.findEndpoint('main');
    await deleteSite('s1');
    await underWay;
    expect(await store.findEndpoint('main')).toBeUndefined();
    await insertSite(site('s2', 'B', 'main'));
    expect((await store.findEndpoint('main'))?.site.name).toBe('B');
  });

  it('finds a conference by number and by alias', async () => {
    const weekly = conference('c1', '1001', 'giao-ban');
    await insertConference(weekly);
    expect(await store.findByNumber('1001')).toMatchObject(weekly);
    expect(await store.findByAlias('giao-ban')).toMatchObject(weekly);
    expect(await store.listConferences()).toMatchObject([weekly]);
    expect(await store.deleteConference(weekly.id, LAN)).toBe(true);
    expect(await store.listConferences()).toEqual([]);
  });

  it.each([
    ['number', conference('c2', '1001', 'other')],
    ['alias', conference('c2', '1002', 'giao-ban')],
  ])('refuses a taken %s', async (field, second) => {
    await insertConference(conference('c1', '1001', 'giao-ban'));
    const clash = insertConference(second);
    await expect(clash).rejects.toMatchObject({ code: 'conflict', details: { field } });
  });

  it('gives back what decides who comes in: number, SRTP, fixed addresses, PIN, sites', async () => {
    const plain = site('s1', 'Xã Tân Phú', 'main', 'backup');
    const [main, backup] = plain.endpoints;
    if (!main || !backup) throw new Error('no endpoints');
    const fixed = { ...backup, fixedAddresses: ['10.1.2.0/24', '2001:db8::7'] };
    const tanPhu: Site = { ...plain, number: '2001', srtp: 'required', endpoints: [main, fixed] };
    await insertSite(tanPhu);
    expect(await store.getSite(tanPhu.id)).toMatchObject(tanPhu);
    expect(await store.findSiteByNumber('2001')).toMatchObject(tanPhu);
    expect(await store.findSiteByNumber('2002')).toBeUndefined();
    const { endpoints: _, ...alone } = tanPhu;
    expect(await store.listFixedEndpoints()).toEqual([{ endpoint: fixed, site: alone }]);

    const meeting = { ...conference('c1', '1001', 'a'), pinHash: 'x:y', members: [member('s1')] };
    await insertConference(meeting);
    await insertConference(conference('c2', '1002', 'b'));
    expect(await store.getConference(meeting.id)).toMatchObject(meeting);
    expect(await store.listConferencesOfSite(tanPhu.id)).toMatchObject([meeting]);
    expect(await store.listConferencesOfSite('s2' as SiteId)).toEqual([]);
  });

  const binding = (contactUri: string): Binding => ({
    contactUri,
    sourceAddr: '10.1.2.3:5060',
    sipTransport: 'udp',
    userAgent: 'Codec/1',
    expiresAtMs: 1_800_000_000_000,
    sipCallId: 'reg-1',
    cseq: 4_294_967_295,
  });

  it('keeps registrations, in order, and replaces those of an account', async () => {
    await insertSite(site('s1', 'A', 'main', 'backup'));
    const [a, b, c] = ['sip:a@10.1.2.3', 'sip:b@10.1.2.3', 'sip:c@10.1.2.4'].map(binding);
    if (!a || !b || !c) throw new Error('no bindings');
    await Promise.all([
      store.saveBindings('main', [c]),
      store.saveBindings('main', [b, a]),
      store.saveBindings('backup', [c]),
    ]);
    const expected = { backup: [c], main: [b, a] };
    expect(Object.fromEntries(await store.loadBindings())).toEqual(expected);
    await store.saveBindings('main', []);
    expect(Object.fromEntries(await store.loadBindings())).toEqual({ backup: [c] });
    await deleteSite('s1');
    expect((await store.loadBindings()).size).toBe(0);
  });

  it('keeps what happened to endpoints, the latest first, and not for ever', async () => {
    await insertSite(site('s1', 'A', 'main', 'backup'));
    const [main, backup] = ['e-main', 'e-backup'] as EndpointId[];
    if (!main || !backup) throw new Error('no endpoints');
    const event = (endpointId: EndpointId, atMs: number) => ({
      endpointId,
      atMs,
      kind: 'registered' as const,
      detail: `at ${atMs}`,
    });
    for (let atMs = 1; atMs <= 7; atMs++) await store.addEndpointEvent(event(main, atMs), 5);
    await store.addEndpointEvent(event(backup, 3), 5);
    const kept = await store.listEndpointEvents(main, 3);
    expect(kept).toEqual([event(main, 7), event(main, 6), event(main, 5)]);
    expect((await store.listEndpointEvents(main, 99)).length).toBeLessThanOrEqual(5);
    const last = await store.lastEndpointEvents();
    expect(new Set(last)).toEqual(new Set([event(main, 7), event(backup, 3)]));
    await deleteSite('s1');
    expect(await store.lastEndpointEvents()).toEqual([]);
  });

  it('no number means a site and a conference', async () => {
    const taken = { code: 'conflict', details: { field: 'number' } };
    await insertSite({ ...site('s1', 'A'), number: '2001' });
    await insertConference(conference('c1', '1001', 'a'));
    const clashes = [
      () => insertSite({ ...site('s2', 'B'), number: '2001' }),
      () => insertSite({ ...site('s2', 'B'), number: '1001' }),
      () => insertConference(conference('c2', '2001', 'b')),
    ];
    for (const clash of clashes) await expect(clash()).rejects.toMatchObject(taken);
  });

  it('a conference is for sites that are there', async () => {
    const meeting = { ...conference('c1', '1001', 'a'), members: [member('s9')] };
    await expect(insertConference(meeting)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await store.getConference(meeting.id)).toBeUndefined();
  });

  it('takes any text for what it is', async () => {
    const name = `'; DROP TABLE site; -- "Xã" ${'x'.repeat(500)}`;
    await insertSite(site('s1', name));
    expect((await store.getSite('s1' as SiteId))?.name).toBe(name);
  });
}
