import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallList } from '../../../src/calls/call-list.ts';
import { ConferenceDirectory } from '../../../src/conferences/conference-directory.ts';
import { ConferenceInput, ConferenceListQuery } from '../../../src/contract/conferences.ts';
import { SiteInput, SiteListQuery, type SiteRequest } from '../../../src/contract/sites.ts';
import { computeHa1 } from '../../../src/sip/digest.ts';
import { Presence } from '../../../src/sites/presence.ts';
import { Registrar } from '../../../src/sites/registrar.ts';
import { SiteDirectory } from '../../../src/sites/site-directory.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { ANYWHERE, within } from '../../support/principals.ts';

const log = pino({ level: 'silent' });

describe('the directories of sites and conferences', () => {
  let store: Store;
  let registrar: Registrar;
  let sites: SiteDirectory;
  let conferences: ConferenceDirectory;
  let groups: string[];

  beforeEach(async () => {
    store = await openStore({ file: ':memory:', log });
    const clock = new FakeClock();
    const rules = { minExpiresSec: 60, maxExpiresSec: 3600 };
    registrar = await Registrar.open(rules, clock, store, () => undefined);
    const presence = await Presence.open({ sites: store, events: store, registrar, clock, log });
    const nobody = { find: () => undefined, list: () => [], end: async () => undefined };
    sites = new SiteDirectory({
      store,
      registrar,
      presence,
      calls: new CallList(),
      conferences: nobody,
      computeHa1: (user, password) => computeHa1(user, 'realm', password),
    });
    conferences = new ConferenceDirectory({
      store,
      live: nobody as never, // no meeting runs
      now: () => clock.now(),
    });
    groups = [];
    for (const name of ['Cụm 1', 'Cụm 2'])
      groups.push((await sites.createGroup(ANYWHERE, { name })).id);
  });
  afterEach(() => store.close());

  const add = async (input: SiteRequest, by = ANYWHERE) => {
    const site = await sites.create(by, SiteInput.parse(input));
    if (!site) throw new Error('not stored');
    return site;
  };
  const register = (sipUsername: string) =>
    registrar.register({
      sipUsername,
      contacts: [{ uri: 'sip:x@10.0.0.1' }],
      sipCallId: 'c',
      cseq: 1,
      sourceAddr: '10.0.0.1:5060',
      sipTransport: 'udp',
      userAgent: 'Codec/1',
    });
  const problem = (path: string) => ({ code: 'bad-request', details: { problems: [{ path }] } });

  it('who is limited to a group finds, changes and deletes nothing else', async () => {
    const [one, two] = groups as [string, string];
    const own = await add({ name: 'A', groupId: one });
    const other = await add({ name: 'B', groupId: two });
    const none = await add({ name: 'C' });
    const by = within(one);
    const query = SiteListQuery.parse({});
    expect((await sites.list(by, query)).items.map(({ name }) => name)).toEqual(['A']);
    expect((await sites.list(ANYWHERE, query)).total).toBe(3);
    for (const { id } of [other, none]) {
      expect(await sites.get(by, id)).toBeUndefined();
      expect(await sites.update(by, id, { version: 1, notes: 'x' })).toBeUndefined();
      expect(await sites.delete(by, id)).toBe(false);
    }
    expect(await sites.update(by, own.id, { version: 1, notes: 'x' })).toMatchObject({
      notes: 'x',
    });
    expect((await sites.listGroups(by)).map(({ id }) => id)).toEqual([one]);
  });

  it('what somebody limited makes is in the only group there is, or in one that is named', async () => {
    const [one, two] = groups as [string, string];
    expect((await add({ name: 'A' }, within(one))).groupId).toBe(one);
    await expect(add({ name: 'B' }, within(one, two))).rejects.toMatchObject(problem('groupId'));
    await expect(add({ name: 'B', groupId: two }, within(one))).rejects.toMatchObject(
      problem('groupId'),
    );
    const { id } = await add({ name: 'C', groupId: one });
    const move = sites.update(within(one), id, { version: 1, groupId: two });
    await expect(move).rejects.toMatchObject(problem('groupId'));
  });

  it('a conference of a group takes no site out of sight, and keeps those that are in it', async () => {
    const [one, two] = groups as [string, string];
    const own = await add({ name: 'A', groupId: one });
    const other = await add({ name: 'B', groupId: two });
    const by = within(one);
    const names = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
    const input = (ids: string[]) =>
      ConferenceInput.parse({ ...names, groupId: one, members: ids.map(siteId => ({ siteId })) });
    await expect(conferences.create(by, input([own.id, other.id]))).rejects.toMatchObject(
      problem('members.1.siteId'),
    );
    const made = await conferences.create(ANYWHERE, input([other.id]));
    const id = made?.id ?? '';
    const members = [own.id, other.id].map(siteId => ({
      siteId,
      role: 'site' as const,
      dial: 'out' as const,
    }));
    expect(await conferences.update(by, id, { version: 1, members })).toMatchObject({ members });
    expect(await conferences.get(within(two), id)).toBeUndefined();
    const query = ConferenceListQuery.parse({ sort: 'nextStartsAtMs' });
    expect((await conferences.list(within(two), query)).total).toBe(0);
  });

  it('endpoints keep what is not given, lose what is null, and say what cannot be', async () => {
    const made = await add({
      name: 'A',
      endpoints: [
        { sipUsername: 'main', sipPassword: 'p', vendor: 'Polycom', fixedAddresses: ['10.0.0.1'] },
        { sipUsername: 'old', sipPassword: 'p' },
      ],
    });
    const [main, old] = made.endpoints;
    const patch = (endpoints: Parameters<typeof sites.update>[2]['endpoints'], version = 1) =>
      sites.update(ANYWHERE, made.id, { version, endpoints });
    const [id, oldId] = [main?.id, old?.id];
    await expect(patch([{ id, sipUsername: 'other' }])).rejects.toMatchObject(
      problem('endpoints.0.sipPassword'),
    );
    await expect(patch([{ id: 'nowhere' }])).rejects.toMatchObject(problem('endpoints.0.id'));
    await expect(patch([{ id }, { id }])).rejects.toMatchObject(problem('endpoints.0.id'));
    await expect(patch([{ sipPassword: 'p' }])).rejects.toMatchObject(
      problem('endpoints.0.sipUsername'),
    );
    await expect(patch([{ vendor: 'x' }])).rejects.toMatchObject(problem('endpoints.0'));
    await expect(patch([{ id, quirks: 'none-such' }])).rejects.toMatchObject(
      problem('endpoints.0.quirks'),
    );
    await register('main');
    await register('old');
    const changed = await patch([
      { id, vendor: null, model: 'RealPresence' },
      { dialAddress: '10.0.0.9', role: 'backup' },
    ]);
    expect(changed?.endpoints).toMatchObject([
      { id, sipUsername: 'main', model: 'RealPresence', hasPassword: true, registered: true },
      { dialAddress: '10.0.0.9', role: 'backup', hasPassword: false, registered: false },
    ]);
    expect(changed?.endpoints[0]).not.toHaveProperty('vendor');
    expect(changed?.endpoints[1]).not.toHaveProperty('sipUsername');
    expect(registrar.bindings('old')).toEqual([]);
    expect(oldId).not.toBe(changed?.endpoints[1]?.id);
  });

  it('a new password ends the registration, the same one does not', async () => {
    const made = await add({ name: 'A', endpoints: [{ sipUsername: 'main', sipPassword: 'p' }] });
    const id = made.endpoints[0]?.id;
    await register('main');
    const set = (version: number, sipPassword: string) =>
      sites.update(ANYWHERE, made.id, { version, endpoints: [{ id, sipPassword }] });
    expect((await set(1, 'p'))?.endpoints[0]).toMatchObject({ registered: true });
    expect((await set(2, 'q'))?.endpoints[0]).toMatchObject({
      registered: false,
      reason: { code: 'account-changed' },
    });
  });

  it('conferences are sorted by their next start, those without one last', async () => {
    const schedule = { timeZone: 'Asia/Ho_Chi_Minh', durationMin: 60, exceptions: [] };
    const make = (number: string, startsAt?: string) =>
      conferences.create(
        ANYWHERE,
        ConferenceInput.parse({
          ...{ name: number, number, alias: `a${number}` },
          ...(startsAt && { schedule: { ...schedule, startsAt } }),
        }),
      );
    await make('1');
    await make('2', '2099-01-02T07:30');
    await make('3', '2099-01-01T07:30');
    const names = async (sort: string) =>
      (await conferences.list(ANYWHERE, ConferenceListQuery.parse({ sort }))).items.map(
        ({ name }) => name,
      );
    expect(await names('nextStartsAtMs')).toEqual(['3', '2', '1']);
    expect(await names('-nextStartsAtMs')).toEqual(['2', '3', '1']);
    const [fromMs, toMs] = [Date.parse('2099-01-01T00:00Z'), Date.parse('2099-01-02T00:00Z')];
    const planned = await conferences.calendar(ANYWHERE, fromMs, toMs);
    expect(planned.map(({ name }) => name)).toEqual(['3']);
  });
});
