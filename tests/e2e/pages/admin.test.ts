import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import type { Page as PageOf } from '../../../src/contract/paging.ts';
import type { RecordView } from '../../../src/contract/records.ts';
import type { SiteView } from '../../../src/contract/sites.ts';
import { setupLink } from '../../../src/engines/banner.ts';
import { overhangPx, seriousFindings } from '../../support/axe.ts';
import { type Baresip, startBaresip } from '../../support/baresip.ts';
import { startChromium, type TestChromium } from '../../support/chromium.ts';
import { toneLevels } from '../../support/page.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { expectNothingLeft, passwordOf } from '../district.ts';
import { COMMUNES, districtCsv, usernameOf } from '../district-csv.ts';

const PASSWORD = 'ngựa-đi-qua-cầu-tre';
const SHOTS = resolve(import.meta.dirname, '../../../var/screenshots');
/** An action that takes longer has failed: what stands in the way is told sooner. */
const ACTION_TIMEOUT_MS = 25_000;
/** More than a machine of two cores needs for a few calls that begin at once. */
const PATIENCE_MS = 40_000;
const MINH_HZ = 1300;
/** Another tone for all but one: sounds that mix badly make no more of the one that is muted. */
const OTHERS_HZ = 1000;
/** Louder than anything that is no tone, and what of it is gone when it is muted. */
const HEARD_DB = -60;
const GONE_DB = 15;
/** Of the 24 sites these have a codec that is on; the last rings until somebody takes it. */
const HALLS = [
  { name: `Xã ${COMMUNES[0]}`, username: usernameOf(0), toneHz: 430, colour: 'red' },
  { name: `Xã ${COMMUNES[1]}`, username: usernameOf(1), toneHz: OTHERS_HZ, colour: 'blue' },
  { name: `Xã ${COMMUNES[2]}`, username: usernameOf(2), toneHz: OTHERS_HZ, colour: 'green' },
  {
    name: `Xã ${COMMUNES[3]}`,
    username: usernameOf(3),
    toneHz: OTHERS_HZ,
    colour: 'red',
    answers: false,
  },
] as const;
const [TAN_PHU, , , PHUOC_HAU] = HALLS;
const NEVER_ON = `Xã ${COMMUNES[8]}`;
const PHONE = { width: 375, height: 812 };
const DESK = { width: 1280, height: 800 };

describe('an administrator at work', () => {
  let system: TestSystem;
  let chromium: TestChromium;
  /** In the meeting, on another computer. */
  let minh: TestChromium;
  let page: Page;
  const phones: Baresip[] = [];
  /** What the browser complained of: errors in scripts, and what the policy refused. */
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    system = await startSystem({
      DIEMCAU_DIALLING_RING_TIMEOUT_MS: '4000',
      DIEMCAU_DIALLING_ROUNDS: '1',
    });
    chromium = await startChromium({ where: 'office' });
    page = await chromium.newPage();
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    await page.setViewportSize(DESK);
    page.on('pageerror', err => complaints.push(String(err.stack)));
    page.on('console', message => {
      if (/Content Security Policy|Refused to/.test(message.text()))
        complaints.push(message.text());
    });
  });

  afterAll(async () => {
    for (const one of [chromium, minh, ...phones, system]) await one?.close();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await page.screenshot({ path: join(SHOTS, 'failed.png') });
    process.stdout.write(`    ${complaints.join('\n    ')}\n`);
  });

  const go = (path: string) => page.goto(`${system.browserUrl}/admin${path}`);
  /** Another page without loading all of it anew, as the browser's own arrows do. */
  const show = async (place: string) => {
    const path = JSON.stringify(`/admin/${place}`);
    await page.evaluate(
      `history.pushState(null, '', ${path}); dispatchEvent(new Event('popstate'))`,
    );
    await page.locator('h1, h2').first().waitFor();
    const isThere = async () => (await page.locator('.loading').count()) === 0;
    await waitFor('the page to be there', isThere);
  };
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
  const field = (label: string | RegExp) => page.getByLabel(label).first();
  const sees = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const menu = (name: string) =>
    page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name, exact: true }).click();
  const sitesOf = async (query: string) =>
    (await system.api(`/sites?${query}`)).body as PageOf<SiteView>;
  const records = async () => ((await system.api('/records')).body as PageOf<RecordView>).items;
  const conferences = async () =>
    ((await system.api('/conferences')).body as PageOf<ConferenceView>).items;

  test('comes in the first time by the link the program printed', async () => {
    await page.goto(setupLink(system.settings, system.secrets));
    await field('Name').fill('Nguyễn Thị Lan');
    await field('Account').fill('lan');
    await field('Password').fill(PASSWORD);
    await press('Create and sign in');
    await sees('No sites yet');
    expect(page.url()).not.toContain('setup');
  });

  test('signs out and in again, and is told of a wrong password', async () => {
    await press('Nguyễn Thị Lan');
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await field('Account').fill('lan');
    await field('Password').fill('wrong');
    await press('Sign in');
    await sees('Wrong account or password.');
    await field('Password').fill(PASSWORD);
    await press('Sign in');
    await sees('No sites yet');
  });

  test('imports 150 rows, three of them faulty, after seeing which and why', async () => {
    await page.getByRole('link', { name: 'Import a spreadsheet' }).click();
    const buffer = Buffer.from(districtCsv());
    const file = { name: 'huyen.csv', mimeType: 'text/csv', buffer };
    const chooser = page.waitForEvent('filechooser');
    await press('Choose a file');
    await (await chooser).setFiles(file);
    await sees('147 good rows');
    await sees('3 faulty rows');
    const faults = page.getByRole('table', { name: 'Faults' }).getByRole('row');
    const told = (await faults.allInnerTexts()).slice(1).map(row => row.split('\t').slice(0, 3));
    expect(told.map(([row]) => row)).toEqual(['8', '43', '121']);
    expect((await sitesOf('limit=1')).total).toBe(0);
    await page.screenshot({ path: join(SHOTS, 'import.png') });
    await press('Import 147 good rows');
    await sees('147 rows taken in');
    expect((await sitesOf('limit=1')).total).toBe(147);
  });

  test('finds a site without diacritics, and sees the rest page by page', async () => {
    await page.getByRole('link', { name: 'See the sites' }).click();
    await sees('1–50 of 147');
    await press('Next page');
    await sees('51–100 of 147');
    await page.getByRole('searchbox').fill('xa phuoc hau');
    await sees('Xã Phước Hậu');
    await sees(/^1–\d of \d$/);
  });

  test('sees a name of markup as text, and nothing of it runs', async () => {
    const name = '<img src=x onerror="document.title=1">';
    const body = { name, endpoints: [] };
    expect((await system.api('/sites', { method: 'POST', body })).status).toBe(201);
    await page.getByRole('searchbox').fill('onerror');
    await sees(name);
    await page.getByRole('link', { name }).click();
    await page.getByRole('dialog', { name }).waitFor();
    await press('Close');
    expect(await page.title()).toContain('Sites');
    expect(await page.locator('#page img').count()).toBe(0);
  });

  test('loses nothing typed when the session ends, and saves it after signing in again', async () => {
    await page.getByRole('searchbox').fill('tan phu');
    await page.getByRole('link', { name: 'Xã Tân Phú', exact: true }).click();
    await field('Notes').fill('Chìa khoá hội trường ở văn phòng');
    await chromium.context.clearCookies();
    await press('Save');
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('Password').fill(PASSWORD);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await sees('Xã Tân Phú is saved');
    expect((await sitesOf('q=tan+phu')).items[0]?.notes).toContain('Chìa khoá');
  });

  test('is told when somebody else saved first, and keeps both changes', async () => {
    const [site] = (await sitesOf('q=tan+phu')).items;
    if (!site) throw new Error('the site is gone');
    await field('Contact').fill('Trần Văn Bình');
    const body = { version: site.version, number: '9001' };
    const path = `/sites/${site.id}`;
    expect((await system.api(path, { method: 'PATCH', body })).status).toBe(200);
    await press('Save');
    await sees(/has saved changes before you/);
    await press('Take theirs in, keep my changes');
    await press('Save');
    await waitFor('both changes', async () => {
      const [now] = (await sitesOf('q=tan+phu')).items;
      return now?.number === '9001' && now.contactName === 'Trần Văn Bình';
    });
    await press('Close');
  });

  test('plans a weekly meeting and reads it back in words', async () => {
    await menu('Conferences');
    await page.getByRole('button', { name: 'Add a conference' }).first().click();
    await field(/Name of the conference/).fill('Giao ban tuần');
    await field(/Number to dial/).fill('1001');
    expect(await field(/^Link/).inputValue()).toBe('giao-ban-tuan');
    await page.getByText('Meets by schedule').click();
    await field(/^Starts/).fill('2026-12-07T07:30');
    await page.getByRole('button', { name: /Does not repeat/ }).click();
    await page.getByRole('option', { name: 'Weekly' }).click();
    await page.getByRole('button', { name: 'Thursday' }).click();
    await sees('Every Monday and Thursday');
    await press('Create');
    await sees('Giao ban tuần is saved');
    const [made] = await conferences();
    expect(made?.schedule).toMatchObject({
      ...{ startsAt: '2026-12-07T07:30', timeZone: 'Asia/Ho_Chi_Minh' },
      rrule: 'FREQ=WEEKLY;BYDAY=MO,TH',
    });
    const row = page.getByRole('row', { name: /Giao ban tuần/ });
    expect(await row.textContent()).toContain('Every Monday and Thursday');
  });

  test('maps 24 sites to it with mouse and keys, and saves them as one change', async () => {
    await menu('Mapping');
    await page.getByRole('searchbox').fill('can giuoc');
    const cells = page.getByRole('gridcell');
    await waitFor('24 sites', async () => (await cells.count()) === 24);
    // Down the first ten with the mouse held, on with the keys, and back to the first.
    await cells.nth(0).hover();
    await page.mouse.down();
    for (let row = 1; row < 10; row++) await cells.nth(row).hover();
    await page.mouse.up();
    await cells.nth(9).focus();
    for (let row = 10; row < 24; row++) await page.keyboard.press('Shift+ArrowDown');
    await cells.nth(0).focus();
    await page.keyboard.press('h');
    await sees('24 changes not saved');
    await press('Save all');
    await sees('24 changes saved');
    const [weekly] = await conferences();
    expect(weekly?.members).toHaveLength(24);
    expect(weekly?.members.filter(({ role }) => role === 'hq')).toHaveLength(1);
  });

  const tile = (name: string) => page.getByRole('listitem', { name, exact: true });
  const tileSays = (name: string, words: string) =>
    tile(name).getByText(words, { exact: true }).waitFor({ timeout: PATIENCE_MS });

  test('starts it, and watches the halls come in and the others not', async () => {
    for (const { name: _, ...hall } of HALLS)
      phones.push(await startBaresip({ ...hall, password: passwordOf(hall.username) }));
    for (const phone of phones) await phone.registered();
    await menu('Conferences');
    await page.getByRole('link', { name: 'Giao ban tuần' }).click();
    await page.getByRole('link', { name: 'To the meeting board' }).click();
    await sees('Start it, and 24 sites are called.');
    await press('Start and call the sites');
    for (const { name, ...hall } of HALLS)
      await tileSays(name, 'answers' in hall ? 'Failed' : 'There');
    await tileSays(NEVER_ON, 'Failed');
    await sees('It rang, and nobody answered.');
    await tile(TAN_PHU.name).scrollIntoViewIfNeeded();
    const picture = tile(TAN_PHU.name).getByRole('img', { name: /Picture from/ });
    await picture.waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('radio', { name: /^There\s*3$/ }).waitFor();
  });

  test('mutes a hall, and its tone is gone in a browser of the meeting', async () => {
    minh = await startChromium({ where: 'office', colour: 'yellow', toneHz: MINH_HZ });
    const room = await minh.newPage();
    await room.goto(`${system.browserUrl}/c/giao-ban-tuan?name=Minh`);
    await room.getByRole('button', { name: 'Join', exact: true }).click();
    const levelDb = async () => (await toneLevels(room, 'audio', [TAN_PHU.toneHz]))[0] ?? -200;
    const heard = async () => {
      const level = await levelDb();
      return level > HEARD_DB && level;
    };
    const loudDb = await waitFor('the hall to be heard', heard, PATIENCE_MS);
    await tile(TAN_PHU.name).getByRole('button', { name: 'Mute' }).click();
    const isGone = async () => (await levelDb()) < loudDb - GONE_DB;
    await waitFor('its tone to be gone', isGone, PATIENCE_MS);
    await tileSays(TAN_PHU.name, 'Muted');
    await tile(TAN_PHU.name).getByRole('button', { name: 'Unmute' }).click();
    await waitFor('its tone to come again', async () => !(await isGone()), PATIENCE_MS);
    await minh.close();
  });

  test('redials the one that did not answer, and it comes in', async () => {
    await tile(PHUOC_HAU.name).getByRole('button', { name: 'Redial' }).click();
    await tileSays(PHUOC_HAU.name, 'Ringing');
    await phones[3]?.accept();
    await tileSays(PHUOC_HAU.name, 'There');
  });

  test('sees every page work for eyes and ears, at a desk and on a phone', async () => {
    const [weekly] = await conferences();
    const [site] = (await sitesOf('q=tan+phu')).items;
    const [record] = await records();
    const places = [
      ...['sites', `sites/${site?.id}`, 'conferences', `conferences/${weekly?.id}`],
      ...['calendar?date=2026-12-07', 'calendar?view=week&date=2026-12-07', 'mapping', 'meetings'],
      ...['records', `records/${record?.id}`],
      ...[`meetings/${weekly?.id}`, 'calls', 'import', 'people', 'people/new', 'groups', 'audit'],
      ...['webhooks', 'webhooks/new', 'system', 'settings', 'account', 'no-such-page'],
    ];
    const wrong: Record<string, unknown> = {};
    for (const place of places) {
      await show(place);
      const findings = await seriousFindings(page);
      const failed = await page.locator('.problem-box').allInnerTexts();
      await page.setViewportSize(PHONE);
      const overhang = await overhangPx(page);
      if (!place.includes('?'))
        await page.screenshot({
          path: join(SHOTS, `phone-${place.split('/')[0]}.jpg`),
          quality: 60,
        });
      await page.setViewportSize(DESK);
      if (findings.length + failed.length > 0 || overhang > 0)
        wrong[place] = { findings, failed, overhang };
    }
    expect(wrong).toEqual({});
  }, 180_000);

  test('has nothing in the dark, or in Vietnamese, that cannot be read', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.evaluate(() => localStorage.setItem('diemcau.language', 'vi'));
    for (const place of ['sites', 'mapping', 'import']) {
      await go(`/${place}`);
      await page.locator('h1').first().waitFor();
      expect(await seriousFindings(page), place).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await go('/sites?q=can+giuoc');
    await sees(`Xã ${COMMUNES[0]}`);
    await page.screenshot({ path: join(SHOTS, 'sites.png') });
    await show('mapping');
    await page.getByRole('searchbox').fill('can giuoc');
    await sees(`Xã ${COMMUNES[0]}`);
    await page.screenshot({ path: join(SHOTS, 'mapping.png') });
    const [weekly] = await conferences();
    await show(`meetings/${weekly?.id}`);
    await page.getByRole('radio', { name: /^Đã vào/ }).click();
    const pictures = page.getByRole('img', { name: /^Hình từ/ });
    await waitFor('the pictures', async () => (await pictures.count()) > 2, PATIENCE_MS);
    await page.screenshot({ path: join(SHOTS, 'board.png') });
    expect(await seriousFindings(page)).toEqual([]);
    await show('mapping');
    expect(await page.title()).toBe('Phân điểm cầu · Điểm Cầu');
  });

  test('ends the meeting, and nothing of it is left', async () => {
    await page.evaluate(() => localStorage.setItem('diemcau.language', 'en'));
    const [weekly] = await conferences();
    await go(`/meetings/${weekly?.id}`);
    await press('End');
    await page.getByRole('alertdialog').getByRole('button', { name: 'End' }).click();
    await sees('Start it, and 24 sites are called.');
    for (const phone of phones) await phone.ended();
    await expectNothingLeft(system);
  });

  test('finds its record though nobody called the roll: who came and went, and saves it', async () => {
    await menu('Records');
    const row = page.getByRole('row', { name: /Giao ban tuần/ });
    await row.getByText('Roll not called').waitFor();
    await row.getByRole('link').click();
    const panel = page.getByRole('dialog', { name: /Giao ban tuần/ });
    const comings = panel.getByRole('table', { name: 'Who came and went' });
    for (const name of [TAN_PHU.name, 'Minh Laptop']) {
      const coming = comings.getByRole('row', { name: new RegExp(`^${name}`) });
      expect(await coming.textContent()).not.toContain('still in');
    }
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: 'Save the CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(TAN_PHU.name);
    await press('Close');
    await menu('Audit log');
    await page
      .getByRole('row', { name: /Saved record/ })
      .getByText('Nguyễn Thị Lan')
      .waitFor();
  });

  test('sees in the history why a call failed, and its messages in two clicks', async () => {
    await menu('Call history');
    await page
      .getByRole('row', { name: /It rang, and nobody answered/ })
      .getByRole('link')
      .click();
    await sees('Telephone the contact, then redial.');
    await page
      .getByRole('button', { name: /INVITE/ })
      .first()
      .click();
    await sees(/m=video/);
    await press('Close');
  });

  test('finds everything that was done in the audit log', async () => {
    const { body } = await system.api('/audit?entity=conference&limit=5');
    const [last] = (body as PageOf<{ actor: { name: string } }>).items;
    expect(last?.actor.name).toBe('Nguyễn Thị Lan');
  });

  test('had no script fail and nothing refused by the policy', () => {
    expect(complaints).toEqual([]);
  });
});
