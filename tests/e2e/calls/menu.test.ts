import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import type { Page } from '../../../src/contract/paging.ts';
import type { CallRecordView } from '../../../src/contract/rest.ts';
import type { SiteView } from '../../../src/contract/sites.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf } from '../district.ts';
import { addMenuSite, Callers, MENU_SITE, prompts, Reception } from '../menu.ts';

describe('the voice menu', () => {
  let system: TestSystem;
  let open: ConferenceView;
  let callers: Callers;

  beforeAll(async () => {
    system = await startSystem();
    await addMenuSite(system);
    open = await addConference(system, { name: 'Giao ban', number: '1001', alias: 'giao-ban' });
    const guards = { name: 'Kín', number: '1002', alias: 'kin', pin: '4711' };
    await addConference(system, guards);
    callers = new Callers(system);
  });

  afterAll(async () => {
    callers?.close();
    await system?.close();
  });

  afterEach(() => callers.hangUp());

  const lastVerdict = async () =>
    ((await system.api('/call-log')).body as Page<CallRecordView>).items[0]?.verdict;

  test('the prompts were built, in both languages', () => {
    for (const { pcm } of Object.values(prompts)) expect(pcm.length).toBeGreaterThan(32_000);
  });

  test('pain 17: a wrong number reaches the menu, not a dead line', async () => {
    const codec = await callers.open();
    const reception = new Reception(codec);
    await codec.call('31415');
    await reception.shows('unknown-number');
    await codec.press('1001#');
    await waitFor('the conference', async () => (await participantsOf(system, open)).length === 1);
  });

  test('three wrong PINs: goodbye is shown and said, then the call is ended', async () => {
    const codec = await callers.open();
    const reception = new Reception(codec);
    let isOver = false;
    codec.phone.onHungUp = () => {
      isOver = true;
    };
    await codec.call('1002');
    await reception.shows('enter-pin');
    for (let i = 0; i < 3; i++) await codec.press('1234#');
    await reception.shows('goodbye');
    await waitFor('the BYE', () => isOver, 20_000);
    await waitFor('the verdict', async () => (await lastVerdict())?.reason === 'pin-wrong');
  });

  test('pain 17: a site of the conference dials the host, or a site’s number, and is in without a word', async () => {
    const sites = ((await system.api('/sites?limit=500')).body as Page<SiteView>).items;
    const members = sites.map(({ id }) => ({ siteId: id }));
    const body = { name: 'Của xã', number: '1003', alias: 'cua-xa', pin: '9999', members };
    const own = await addConference(system, body);
    const codec = await callers.open();
    for (const dialled of ['', '2001', 'Cua-Xa']) {
      await codec.call(dialled);
      expect(await participantsOf(system, own)).toMatchObject([{ name: MENU_SITE }]);
      await codec.hangUp();
      await waitFor('the end', async () => (await participantsOf(system, own)).length === 0);
    }
  });

  test('an endpoint that cannot register calls from its address, and only from there', async () => {
    const add = (sipUsername: string, ...fixedAddresses: string[]) =>
      system.api('/sites', {
        method: 'POST',
        body: { name: sipUsername, endpoints: [{ sipUsername, fixedAddresses }] },
      });
    await add('elsewhere', '198.51.100.0/24');
    const stranger = await callers.open({}, 'elsewhere');
    await expect(stranger.call('1001')).rejects.toThrow('INVITE: 403');
    await add('fixed', CORE_HOST);
    const codec = await callers.open({}, 'whoever');
    await codec.call('1001');
    expect(await participantsOf(system, open)).toMatchObject([{ name: 'fixed' }]);
    const registered = await callers.open();
    await registered.call('1001');
    const names = (await participantsOf(system, open)).map(({ name }) => name);
    expect(names).toEqual(['fixed', MENU_SITE]);
  });

  test('who hangs up in the menu leaves nothing', async () => {
    const codec = await callers.open();
    const reception = new Reception(codec);
    await codec.call('1002');
    await reception.shows('enter-pin');
    await codec.hangUp();
    await expectNothingLeft(system);
  });
});
