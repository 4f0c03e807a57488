import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConferenceStore } from '../../../src/conferences/ports.ts';
import type { ConferenceId, EndpointId, SiteId } from '../../../src/domain/ids.ts';
import type { Site } from '../../../src/domain/site.ts';
import type { SiteStore } from '../../../src/sites/ports.ts';
import { openStore } from '../../../src/store/index.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

type Opened = SiteStore & ConferenceStore & { close?(): Promise<void> };

const log = pino({ level: 'silent' });
const STORES: [string, () => Promise<Opened>][] = [
  ['the memory store', async () => new MemoryStore()],
  ['SQLite', () => openStore({ file: ':memory:', log })],
];

const site = (id: string, name: string, ...users: string[]): Site => ({
  id: id as SiteId,
  name,
  endpoints: users.map(user => ({
    id: `e-${user}` as EndpointId,
    siteId: id as SiteId,
    sipUsername: user,
    ha1: `ha1-${user}`,
    fixedAddresses: [],
  })),
});
const conference = (id: string, number: string, alias: string) => ({
  id: id as ConferenceId,
  name: 'Giao ban tuần',
  number,
  alias,
  siteIds: [],
});

describe.each(STORES)('%s', (_, open) => {
  let store: Opened;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close?.());

  it('gives back a site as it was put in, endpoints in order', async () => {
    const tanPhu = site('s1', 'Xã Tân Phú', 'main', 'backup');
    await store.insertSite(tanPhu);
    expect(await store.getSite(tanPhu.id)).toEqual(tanPhu);
    expect(await store.listSites()).toEqual([tanPhu]);
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
    expect(await store.deleteSite('x' as SiteId)).toBe(false);
    expect(await store.deleteConference('x' as ConferenceId)).toBe(false);
  });

  it('refuses a taken username, names the field, and stores nothing of that site', async () => {
    await store.insertSite(site('s1', 'A', 'main'));
    const clash = store.insertSite(site('s2', 'B', 'other', 'main'));
    await expect(clash).rejects.toMatchObject({
      code: 'conflict',
      details: { field: 'sipUsername' },
    });
    expect(await store.getSite('s2' as SiteId)).toBeUndefined();
    expect(await store.findEndpoint('other')).toBeUndefined();
  });

  it('deleting a site takes its endpoints along and frees their names', async () => {
    await store.insertSite(site('s1', 'A', 'main'));
    expect(await store.deleteSite('s1' as SiteId)).toBe(true);
    expect(await store.findEndpoint('main')).toBeUndefined();
    await store.insertSite(site('s2', 'B', 'main'));
  });

  it('finds a conference by number and by alias', async () => {
    const weekly = conference('c1', '1001', 'giao-ban');
    await store.insertConference(weekly);
    expect(await store.findByNumber('1001')).toEqual(weekly);
    expect(await store.findByAlias('giao-ban')).toEqual(weekly);
    expect(await store.listConferences()).toEqual([weekly]);
    expect(await store.deleteConference(weekly.id)).toBe(true);
    expect(await store.listConferences()).toEqual([]);
  });

  it.each([
    ['number', conference('c2', '1001', 'other')],
    ['alias', conference('c2', '1002', 'giao-ban')],
  ])('refuses a taken %s', async (field, second) => {
    await store.insertConference(conference('c1', '1001', 'giao-ban'));
    const clash = store.insertConference(second);
    await expect(clash).rejects.toMatchObject({ code: 'conflict', details: { field } });
  });

  it('gives back what decides who comes in: number, SRTP, fixed addresses, PIN, sites', async () => {
    const plain = site('s1', 'Xã Tân Phú', 'main', 'backup');
    const [main, backup] = plain.endpoints;
    if (!main || !backup) throw new Error('no endpoints');
    const fixed = { ...backup, fixedAddresses: ['10.1.2.0/24', '2001:db8::7'] };
    const tanPhu: Site = { ...plain, number: '2001', srtp: 'required', endpoints: [main, fixed] };
    await store.insertSite(tanPhu);
    expect(await store.getSite(tanPhu.id)).toEqual(tanPhu);
    expect(await store.findSiteByNumber('2001')).toEqual(tanPhu);
    expect(await store.findSiteByNumber('2002')).toBeUndefined();
    const { endpoints: _, ...alone } = tanPhu;
    expect(await store.listFixedEndpoints()).toEqual([{ endpoint: fixed, site: alone }]);

    const meeting = { ...conference('c1', '1001', 'a'), pinHash: 'x:y', siteIds: [tanPhu.id] };
    await store.insertConference(meeting);
    await store.insertConference(conference('c2', '1002', 'b'));
    expect(await store.getConference(meeting.id)).toEqual(meeting);
    expect(await store.listConferencesOfSite(tanPhu.id)).toEqual([meeting]);
    expect(await store.listConferencesOfSite('s2' as SiteId)).toEqual([]);
  });

  it('no number means a site and a conference', async () => {
    const taken = { code: 'conflict', details: { field: 'number' } };
    await store.insertSite({ ...site('s1', 'A'), number: '2001' });
    await store.insertConference(conference('c1', '1001', 'a'));
    const clashes = [
      () => store.insertSite({ ...site('s2', 'B'), number: '2001' }),
      () => store.insertSite({ ...site('s2', 'B'), number: '1001' }),
      () => store.insertConference(conference('c2', '2001', 'b')),
    ];
    for (const clash of clashes) await expect(clash()).rejects.toMatchObject(taken);
  });

  it('a conference is for sites that are there', async () => {
    const meeting = { ...conference('c1', '1001', 'a'), siteIds: ['s9' as SiteId] };
    await expect(store.insertConference(meeting)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await store.getConference(meeting.id)).toBeUndefined();
  });

  it('takes any text for what it is', async () => {
    const name = `'; DROP TABLE site; -- "Xã" ${'x'.repeat(500)}`;
    await store.insertSite(site('s1', name));
    expect((await store.getSite('s1' as SiteId))?.name).toBe(name);
  });
});

describe('the database file', () => {
  it('keeps what was stored over a restart, and is brought up to date once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'diemcau-store-'));
    try {
      const file = join(folder, 'deep', 'db.sqlite');
      const first = await openStore({ file, log });
      await first.insertConference(conference('c1', '1001', 'giao-ban'));
      await first.close();
      const second = await openStore({ file, log });
      expect(await second.findByNumber('1001')).toMatchObject({ alias: 'giao-ban' });
      await second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
