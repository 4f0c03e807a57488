import { beforeEach, describe, expect, it } from 'vitest';
import { type DialPlanDeps, findDialled, findTyped } from '../../../src/calls/dial-plan.ts';
import type { ConferenceId, SiteId } from '../../../src/domain/ids.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

const [A, B, C] = ['a', 'b', 'c'] as [SiteId, SiteId, SiteId];

describe('the dial plan', () => {
  let deps: DialPlanDeps;
  let running: string[];

  beforeEach(async () => {
    const store = new MemoryStore();
    running = [];
    const find = (id: ConferenceId) => (running.includes(id) ? ({} as never) : undefined);
    deps = { sites: store, conferenceStore: store, conferences: { find } };
    for (const [id, number] of [
      [A, '2001'],
      [B, '2002'],
      [C, '2003'],
    ] as const)
      await store.insertSite({ id: id as SiteId, name: `Xã ${id}`, number, endpoints: [] });
    const add = (id: string, number: string, ...siteIds: SiteId[]) =>
      store.insertConference({
        id: id as ConferenceId,
        name: id,
        number,
        alias: `alias-${id}`,
        members: siteIds.map(siteId => ({ siteId, role: 'site', dial: 'in' })),
        layout: 'auto',
      });
    await add('weekly', '1001', A, B);
    await add('daily', '1002', B);
    await add('open', '1003');
  });

  it.each([
    ['a number', C, '1003', 'open'],
    ['an alias, however it is written', C, 'Alias-Open', 'open'],
    ['the bare host, of a site with one conference', A, '', 'weekly'],
    ['the bare host, of a site with none', C, '', undefined],
    ['a site’s number', C, '2001', 'weekly'],
    ['the bare host, of a site with two', B, '', undefined],
  ])('%s', async (_, caller, dialled, expected) => {
    const found = await findDialled(deps, caller as SiteId, dialled);
    expect([found.conference?.id, found.isWrong]).toEqual([expected, undefined]);
  });

  it('of two conferences the one that runs is meant', async () => {
    running = ['daily'];
    expect((await findDialled(deps, B as SiteId, '')).conference?.id).toBe('daily');
    running = ['daily', 'weekly'];
    expect((await findDialled(deps, B as SiteId, '')).conference).toBeUndefined();
  });

  it('pain 17: what means nothing is asked for again, dialled or typed', async () => {
    const wrong = { conference: undefined, isWrong: true };
    expect(await findDialled(deps, A as SiteId, '999')).toEqual(wrong);
    expect(await findTyped(deps, '999')).toBeUndefined();
    expect((await findTyped(deps, '2001'))?.id).toBe('weekly');
    expect((await findTyped(deps, '1003'))?.id).toBe('open');
  });
});
