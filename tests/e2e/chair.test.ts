import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import type { MeetingView } from '../../src/contract/meetings.ts';
import { rectanglesFor } from '../../src/stage/layout/rectangles.ts';
import { overhangPx, seriousFindings } from '../support/axe.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { freshToneLevels, videoColour } from '../support/page.ts';
import { type ColourName, nearestColour } from '../support/picture.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addConference, addSite, expectNothingLeft, passwordOf } from './district.ts';
import { type Hall, Halls, quietMedia, report, showsFull, showsTiles } from './halls.ts';

const CHAIR_PIN = '9876';
const TONES = { tanPhu: 2000, ha: 700, lan: 1500 };
/** A tone that is heard is louder, one that is gone is not. */
const HEARD_DB = -60;
const PATIENCE_MS = 20_000;
/** An action that takes longer has failed: what stands in the way is told sooner. */
const ACTION_TIMEOUT_MS = 25_000;
const DESK = { width: 1366, height: 768 };
const PHONE = { width: 390, height: 844 };
const SHOTS = resolve(import.meta.dirname, '../../var/screenshots');
const MINUTE_MS = 60_000;
const JOIN_WITHOUT = 'Come in without camera and microphone';
/** In the order they came. */
const EVERYBODY: readonly ColourName[] = ['red', 'magenta', 'green', 'yellow'];

/** Hà leads from a laptop; Lan is at another; a hall speaks, another is looked at. */
describe('a chair with the tools of the page', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let halls: Halls;
  let hall: Hall;
  let tanPhu: Baresip;
  let ha: TestChromium;
  let lan: TestChromium;
  let haPage: Page;
  let lanPage: Page;
  const pages = new Map<string, Page>();

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    system = await startSystem();
    conference = await addConference(system, {
      name: 'Giao ban tuần',
      number: '1001',
      alias: 'giao-ban',
      layout: 'grid',
      chairPin: CHAIR_PIN,
    });
    const started = await system.api(`/conferences/${conference.id}/meeting`, {
      method: 'POST',
      body: { dial: 'none', durationMin: 45 },
    });
    expect(started.status).toBe(201);
    await addSite(system, 'Xã Tân Phú', 'tan-phu');
    tanPhu = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      colour: 'red',
      toneHz: TONES.tanPhu,
    });
    halls = new Halls(system);
    hall = await halls.open('Xã Đất Đỏ', 'dat-do', quietMedia('magenta'));
    ha = await startChromium({ where: 'office', colour: 'green', toneHz: TONES.ha });
    lan = await startChromium({ where: 'office', colour: 'yellow', toneHz: TONES.lan });
    await tanPhu.registered();
    await tanPhu.dial('1001');
    await hall.codec.call('1001');
    haPage = await open(ha, 'Hà');
    lanPage = await open(lan, 'Lan');
  });

  afterAll(async () => {
    halls?.close();
    for (const one of [ha, lan, tanPhu, system]) await one?.close();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const [name, page] of pages)
      if (!page.isClosed())
        await page.screenshot({ path: join(SHOTS, `chair-failed-${name}.png`) });
  });

  async function open(chromium: TestChromium, name: string): Promise<Page> {
    const page = await chromium.newPage();
    pages.set(name, page);
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    await page.setViewportSize(DESK);
    await page.goto(`${system.browserUrl}/c/giao-ban?name=${name}`);
    return page;
  }

  /** Opens somebody's page, and lets them come as far as they may. */
  async function comes(name: string): Promise<Page> {
    const page = await open(lan, name);
    await button(page, JOIN_WITHOUT).click();
    return page;
  }

  const button = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name, exact: true });
  const press = (name: string) => button(haPage, name).click();
  const tools = (name: string) => haPage.getByRole('region', { name, exact: true });
  const panel = async (name: 'People' | 'Lead') => {
    const opener = haPage.locator(`[data-panel]`, { hasText: name });
    if ((await opener.getAttribute('aria-expanded')) === 'false') await opener.click();
  };
  const actions = (name: string) => haPage.getByRole('group', { name: `Actions for ${name}` });
  const act = async (name: string, action: string) => {
    await panel('People');
    const opener = button(haPage, `Actions for ${name}`);
    if ((await opener.getAttribute('aria-expanded')) === 'false') await opener.click();
    await actions(name).getByRole('button', { name: action, exact: true }).click();
  };
  const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
  const levelDb = async (page: Page, toneHz: number) =>
    (await freshToneLevels(page, 'audio', [toneHz]))[0] ?? -200;
  const hears = async (page: Page, toneHz: number, isHeard = true) => {
    const begunMs = performance.now();
    const what = `${toneHz} Hz ${isHeard ? 'heard' : 'gone'}`;
    await waitFor(
      what,
      async () => (await levelDb(page, toneHz)) > HEARD_DB === isHeard,
      PATIENCE_MS,
    );
    report(what, `after ${Math.round(performance.now() - begunMs)} ms, the looks included`);
  };
  const byHall = () => hall.screen.look();
  const large = (page: Page, name: string) => page.locator(`figure.large[aria-label="${name}"]`);
  const meeting = async () =>
    (await system.api(`/conferences/${conference.id}/meeting`)).body as MeetingView;
  /** Nothing that keeps somebody from using it, and a picture of it to look at. */
  const look = async (state: string) => {
    for (const [screen, size] of Object.entries({ desk: DESK, phone: PHONE })) {
      await haPage.setViewportSize(size);
      expect(await seriousFindings(haPage), `${state}, ${screen}`).toEqual([]);
      expect(await overhangPx(haPage), `${state}, ${screen}`).toBeLessThanOrEqual(0);
      await haPage.screenshot({ path: join(SHOTS, `chair-${state}-${screen}.png`) });
    }
    await haPage.setViewportSize(DESK);
  };

  test('leads by the PIN, and all see each other', async () => {
    await haPage.getByLabel('I lead this meeting').check();
    await haPage.getByLabel('Chair PIN').fill(CHAIR_PIN);
    await button(haPage, 'Join').click();
    await button(haPage, 'Lead').waitFor();
    await button(lanPage, 'Join').click();
    await showsTiles('the grid', byHall, 'grid', EVERYBODY);
    await hears(lanPage, TONES.tanPhu);
    await hears(haPage, TONES.lan);
  });

  test('finds anybody without diacritics, with what is the matter; guests have no actions', async () => {
    await panel('People');
    const names = async (list: RegExp) => {
      const items = haPage.getByRole('list', { name: list }).getByRole('listitem');
      return (await items.allInnerTexts()).map(text => text.split(/ · |\n/)[0]);
    };
    expect(await names(/^Sites/)).toEqual(['Xã Đất Đỏ', 'Xã Tân Phú']);
    expect(await names(/^People at computers/)).toEqual(['Hà', 'Lan']);
    await row(haPage, 'Hà').getByText('chair').waitFor();
    await row(haPage, 'Xã Tân Phú').getByText('speaking').waitFor();
    await haPage.getByLabel('Search by name').fill('dat do');
    await haPage.getByText('Found: 1').waitFor();
    expect(await names(/^Sites/)).toEqual(['Xã Đất Đỏ']);
    await haPage.getByLabel('Search by name').fill('');
    await button(lanPage, 'People').click();
    await row(lanPage, 'Hà').getByText('chair').waitFor();
    expect(await button(lanPage, /^Actions for/).count()).toBe(0);
    expect(await button(lanPage, 'Lead').count()).toBe(0);
  });

  test('mutes a hall, whose tone is gone at the other laptop, and lets it go', async () => {
    await act('Xã Tân Phú', 'Mute');
    await hears(lanPage, TONES.tanPhu, false);
    await row(haPage, 'Xã Tân Phú').getByText('muted').waitFor();
    await act('Xã Tân Phú', 'Unmute');
    await hears(lanPage, TONES.tanPhu);
  });

  test('mutes a laptop, which is told, and asks it to unmute', async () => {
    await act('Lan', 'Mute');
    await lanPage.getByText('The chair has muted you').waitFor();
    await hears(haPage, TONES.lan, false);
    await button(lanPage, 'Mute').click();
    await act('Lan', 'Ask to unmute');
    await button(lanPage, 'Turn on my microphone').click();
    await hears(haPage, TONES.lan);
  });

  test('mutes all but chairs, and lets everybody speak', async () => {
    await panel('Lead');
    await press('Mute all');
    await hears(lanPage, TONES.tanPhu, false);
    await hears(haPage, TONES.lan, false);
    await hears(lanPage, TONES.ha);
    await press('Let everybody speak');
    await hears(lanPage, TONES.tanPhu);
    await hears(haPage, TONES.lan);
  });

  test('sees a hand and its place, lowers it, and gives the floor to the next, large in the halls', async () => {
    await button(lanPage, 'Raise hand').click();
    await panel('People');
    await row(haPage, 'Lan').getByText('hand raised, number 1').waitFor();
    await act('Lan', 'Lower the hand');
    await button(lanPage, 'Raise hand').click();
    await panel('Lead');
    await tools('Picture in the halls').getByRole('button', { name: 'Speaker large' }).click();
    await haPage.getByLabel('Time to speak').selectOption({ label: '2 minutes' });
    await press('Give the floor to the next: Lan');
    const others: ColourName[] = ['red', 'magenta', 'green'];
    await showsTiles('who has the floor', byHall, 'speaker', ['yellow', ...others]);
    await large(haPage, 'Lan').waitFor();
    await press('Take the floor back');
    await press('Free discussion');
    await tools('Turns to speak').getByText('Free discussion: everybody').waitFor();
    await panel('People');
    await press('Actions for Lan');
    expect(await haPage.getByLabel('Time to speak').inputValue()).toBe('2');
  });

  test('puts somebody large everywhere, and nobody again', async () => {
    await act('Xã Đất Đỏ', 'Large for everybody');
    await large(lanPage, 'Xã Đất Đỏ').waitFor();
    await waitFor('magenta, large', async () => {
      const seen = await videoColour(lanPage, 'figure.large[aria-label="Xã Đất Đỏ"] video');
      return nearestColour(seen) === 'magenta';
    });
    await act('Lan', 'Large for everybody');
    await showsTiles('a laptop, large', byHall, 'speaker', [
      'yellow',
      ...EVERYBODY.filter(one => one !== 'yellow'),
    ]);
    await panel('Lead');
    await tools('Picture in the halls').getByText('Large for everybody: Lan').waitFor();
    await press('No longer large');
    await large(haPage, 'Lan').waitFor({ state: 'detached' });
  });

  test('lays the halls’ picture out: lecture of a laptop, one tile, the grid', async () => {
    await act('Lan', 'Make headquarters');
    await panel('Lead');
    await tools('Picture in the halls').getByText('Headquarters: Lan').waitFor();
    await press('Lecture');
    await showsFull('a lecture', byHall, 'yellow');
    await press('No longer headquarters');
    await press('Grid');
    await press('1 tile');
    await waitFor('one tile', async () => {
      const picture = await byHall();
      const corner = { x: 0, y: 0, width: picture.width / 4, height: picture.height / 2 };
      return picture.colourOf(corner) === picture.colourOf(picture.all);
    });
    await press('As many as needed');
    // Who was out of one tile has come back behind the others.
    await waitFor('the grid again', async () => {
      const picture = await byHall();
      const tiles = rectanglesFor('grid', EVERYBODY.length, picture);
      const seen = tiles.map(rect => picture.colourOf(rect));
      return seen.toSorted().join() === EVERYBODY.toSorted().join();
    });
    expect(await button(haPage, 'Grid').getAttribute('aria-pressed')).toBe('true');
  });

  test('says something on every screen, and takes it away', async () => {
    /** What of the picture's top is of the band's blue: no camera here is. */
    const bandShare = async () => {
      const picture = await byHall();
      return picture.shareOf('blue', { ...picture.all, height: picture.height / 20 });
    };
    await haPage.getByLabel('Words of the message').fill('Nghỉ giải lao mười phút');
    await haPage.getByLabel('Shown for').selectOption({ label: '5 minutes' });
    await press('Show the message');
    await lanPage.getByText('Nghỉ giải lao mười phút').waitFor();
    await waitFor('the band', async () => (await bandShare()) > 0.4, PATIENCE_MS);
    await tools('Message on all screens').getByText('On the screens: Nghỉ giải lao').waitFor();
    await press('Take the message away');
    await lanPage.getByText('Nghỉ giải lao mười phút').waitFor({ state: 'detached' });
    await waitFor('the band gone', async () => (await bandShare()) < 0.1, PATIENCE_MS);
  });

  test('locks: newcomers wait, are seen at once, and are let in or turned away', async () => {
    await press('Lock the meeting');
    await tools('The door').getByText('Locked: newcomers wait').waitFor();
    await press('Close panel');
    const minh = await comes('Minh');
    await minh.getByText('The conference is locked.').waitFor();
    await haPage.getByRole('status').getByText('1 person waits to be let in: Minh').waitFor();
    await press('See who waits');
    await press('Let in: Minh');
    await button(minh, 'Leave').waitFor();
    const [an, ...late] = await Promise.all(['An', 'Bảo', 'Cúc'].map(comes));
    await haPage.getByText('3 people wait to be let in').waitFor();
    await look('waiting');
    await press('Turn away: An');
    await an?.getByText('You were not let in.').waitFor();
    await press('Let all 2 in');
    for (const page of late) await button(page, 'Leave').waitFor();
    await button(haPage, 'Unlock the meeting').click();
    await tools('The door').getByText('Whoever has the link').waitFor();
    for (const page of [an, ...late]) await page?.close();
  });

  test('removes somebody by keyboard alone, after a question, and that one sees why', async () => {
    await panel('People');
    const focused = () =>
      haPage.evaluate<string>(
        "(one => one.ariaLabel ?? (one === document.body ? '' : one.textContent))(document.activeElement)",
      );
    const keys = haPage.keyboard;
    await button(haPage, 'Actions for Minh').focus();
    await keys.press('Enter');
    await keys.press('Tab');
    expect(await focused()).toBe('Unmute');
    await keys.press('Escape');
    expect(await focused()).toBe('Actions for Minh');
    await actions('Minh').waitFor({ state: 'detached' });
    await keys.press('Enter');
    await look('actions');
    await actions('Minh').getByRole('button', { name: 'Remove from the meeting' }).focus();
    await keys.press('Enter');
    const question = haPage.getByRole('alertdialog', { name: 'Remove Minh from the meeting?' });
    await question.waitFor();
    await look('question');
    const seen = new Set<string>();
    for (let tabs = 0; tabs < 6; tabs++) {
      await keys.press('Tab');
      seen.add(await focused());
    }
    expect([...seen].filter(one => /Actions|Mute|Leave/.test(one))).toEqual([]);
    await keys.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await focused()).toBe('Remove from the meeting');
    await keys.press('Enter');
    await question.getByRole('button', { name: 'Remove from the meeting' }).focus();
    await keys.press('Enter');
    const minh = pages.get('Minh') ?? expect.fail('no page of Minh');
    await minh.getByText('You were removed from the conference.').waitFor();
    await row(haPage, 'Minh').waitFor({ state: 'detached' });
    await waitFor('the focus', async () => (await focused()).includes('Search by name'));
  });

  test('sees that a button works when the answer takes long, and a refusal with the next step', async () => {
    await panel('Lead');
    await haPage.evaluate(refuseNextActSlowly);
    await press('Lock the meeting');
    await haPage.locator('button[aria-busy="true"]', { hasText: 'Lock the meeting' }).waitFor();
    const told = tools('The door').getByRole('alert');
    await told.getByText('Press again in a few minutes').waitFor();
    expect((await meeting()).locked).toBe(false);
    await press('Lock the meeting');
    await told.waitFor({ state: 'detached' });
    expect((await meeting()).locked).toBe(true);
  });

  test('moves the end, once for a double click', async () => {
    const { endsAtMs = 0 } = await meeting();
    await tools('Time of the meeting')
      .getByText(/^Ends at \d\d:\d\d, 4[0-5] minutes left\.$/)
      .waitFor();
    await press('15 minutes more');
    await button(haPage, '30 minutes more').dblclick();
    await tools('Time of the meeting')
      .getByText(/, (8[5-9]|90) minutes left\.$/)
      .waitFor();
    expect((await meeting()).endsAtMs).toBe(endsAtMs + 45 * MINUTE_MS);
  });

  test('ends it for everybody, after a question', async () => {
    await press('End for all');
    await button(haPage, 'Cancel').click();
    await press('End for all');
    await haPage.getByRole('alertdialog').getByRole('button', { name: 'End for all' }).click();
    for (const page of [haPage, lanPage])
      await page.getByText('The conference has ended.').waitFor();
    await tanPhu.ended();
    await expectNothingLeft(system);
  });
});

/** Runs in the page: the next act is not sent, and is refused after a while. */
function refuseNextActSlowly(): void {
  const { prototype } = WebSocket;
  const { send } = prototype;
  prototype.send = function (data) {
    const { type, id } = JSON.parse(String(data)) as { type?: string; id?: string };
    if (type !== 'act') return send.call(this, data);
    prototype.send = send;
    const answer = JSON.stringify({ type: 'acted', id, error: 'room-server-down' });
    setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: answer })), 1000);
  };
}
