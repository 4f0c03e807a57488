import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { overhangPx, seriousFindings } from '../support/axe.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { freshToneLevels } from '../support/page.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addConference, addSite, expectNothingLeft, passwordOf } from './district.ts';

const TONES = { tanPhu: 500, lan: 1300, minh: 1700 };
/** A tone that is heard is louder, one that is gone is not. */
const HEARD_DB = -60;
const CHAIR_PIN = '4711';
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1366, height: 768 };
const SHOTS = resolve(import.meta.dirname, '../../var/screenshots');
/** An action that takes longer has failed: what stands in the way is told sooner. */
const ACTION_TIMEOUT_MS = 25_000;

declare global {
  /** In a page: all that it has opened. */
  var sockets: WebSocket[];
}

describe('a chair, two laptops and a hall that speak one after the other', () => {
  let system: TestSystem;
  let tanPhu: Baresip;
  /** Also the chair's computer: the chair comes without devices, so that the tone is Lan's. */
  let lan: TestChromium;
  let minh: TestChromium;
  let chairPage: Page;
  let lanPage: Page;
  let minhPage: Page;
  const pages = new Map<string, Page>();
  /** What browsers complained of: errors in scripts, and what the policy refused. */
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    system = await startSystem();
    await addSite(system, 'Xã Tân Phú', 'tan-phu');
    await addConference(system, {
      name: 'Giao ban tuần',
      number: '1001',
      alias: 'giao-ban',
      chairPin: CHAIR_PIN,
    });
    tanPhu = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      colour: 'red',
      toneHz: TONES.tanPhu,
    });
    lan = await startChromium({ where: 'office', colour: 'green', toneHz: TONES.lan });
    minh = await startChromium({ where: 'office', colour: 'yellow', toneHz: TONES.minh });
    chairPage = await open(lan, 'Hoa');
    lanPage = await open(lan, 'Lan');
    minhPage = await open(minh, 'Minh');
  });

  afterAll(async () => {
    for (const one of [lan, minh, tanPhu, system]) await one?.close();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const [name, page] of pages)
      await page.screenshot({ path: join(SHOTS, `speaking-failed-${name}.png`) });
  });

  async function open(chromium: TestChromium, name: string): Promise<Page> {
    const page = await chromium.newPage();
    pages.set(name, page);
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    await page.addInitScript(keepSockets);
    page.on('pageerror', err => complaints.push(String(err.stack)));
    page.on('console', message => {
      if (/Content Security Policy|Refused to/.test(message.text()))
        complaints.push(message.text());
    });
    await page.setViewportSize(DESK);
    await page.goto(`${system.browserUrl}/c/giao-ban?name=${name}`);
    return page;
  }

  /** Nothing that keeps somebody from using it, and a picture of it to look at. */
  const look = async (page: Page, state: string) => {
    expect(await seriousFindings(page), state).toEqual([]);
    expect(await overhangPx(page), state).toBeLessThanOrEqual(0);
    await page.screenshot({ path: join(SHOTS, `speaking-${state}.png`) });
  };
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name, exact: true });
  const tile = (page: Page, name: string) => page.locator(`figure[aria-label="${name}"]`);
  const order = (page: Page) => page.getByRole('region', { name: 'Speaking order' });
  const hears = (page: Page, toneHz: number, isHeard = true) =>
    waitFor(
      `${toneHz} Hz ${isHeard ? 'heard' : 'gone'}`,
      async () => {
        const [levelDb = -200] = await freshToneLevels(page, 'audio', [toneHz]);
        return levelDb > HEARD_DB === isHeard;
      },
      20_000,
    );

  test('guests wait for the chair with their cameras on, and are told so', async () => {
    for (const page of [lanPage, minhPage]) {
      await button(page, 'Join').click();
      await page.getByText('The conference begins when its chair comes').waitFor();
    }
    await lanPage.getByLabel('Your picture before you join').waitFor();
    await look(lanPage, 'waiting');
  });

  test('a PIN that is not the chair’s is told, with what to do; the right one leads', async () => {
    await chairPage.getByLabel('I lead this meeting').check();
    await chairPage.getByLabel('Chair PIN').fill('9999');
    await button(chairPage, 'Come in without camera and microphone').click();
    await chairPage.getByRole('alert').getByText('This is not the PIN of the chair').waitFor();
    await look(chairPage, 'wrong-pin');
    await chairPage.getByLabel('Chair PIN').fill(CHAIR_PIN);
    await button(chairPage, 'Come in without camera and microphone').click();
    await button(chairPage, 'Lead').waitFor();
  });

  test('the guests are in without having done anything, and a hall calls', async () => {
    await tile(lanPage, 'Hoa').getByText('chair').waitFor();
    await tile(minhPage, 'Lan').waitFor();
    await tanPhu.registered();
    await tanPhu.dial('1001');
    for (const toneHz of Object.values(TONES)) await hears(chairPage, toneHz);
  });

  test('hands are seen by everybody in their order', async () => {
    await button(minhPage, 'Mute').click();
    await minhPage.keyboard.press('h');
    await button(minhPage, 'Lower hand').waitFor();
    await button(lanPage, 'Raise hand').click();
    await order(chairPage).getByText('1. Minh, 2. Lan').waitFor();
    await order(lanPage).getByText('1. Minh, 2. you').waitFor();
    await order(lanPage).getByText('You are number 2.').waitFor();
    await tile(lanPage, 'Minh').getByText('Hand 1').waitFor();
    await button(lanPage, 'People (hands raised: 2)').click();
    const list = lanPage.getByRole('list', { name: 'Hands raised' });
    expect(await list.getByRole('listitem').allInnerTexts()).toEqual(['Minh', 'Lan (you)']);
    await look(lanPage, 'hands');
    await lanPage.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await button(minhPage, 'Lower hand').click();
    await order(lanPage).getByText('You are number 1.').waitFor();
    await button(minhPage, 'Raise hand').click();
    await order(minhPage).getByText('You are number 2.').waitFor();
    await button(lanPage, 'Lower hand').click();
  });

  test('given the floor, who asked is heard at once, alone and large, with a countdown', async () => {
    await hears(chairPage, TONES.minh, false);
    await button(chairPage, 'Lead').click();
    await chairPage.getByLabel('Time to speak').selectOption({ label: '1 minute' });
    const give = 'Give the floor to the next: Minh';
    report('click to heard, a laptop', await heardAfterMs(chairPage, give, TONES.minh));
    await minhPage.getByRole('alert').getByText('Your microphone was turned on').waitFor();
    await button(minhPage, 'Mute').waitFor();
    await hears(chairPage, TONES.lan, false);
    await hears(chairPage, TONES.tanPhu, false);
    await hears(chairPage, TONES.minh);
    await waitFor('the hall to hear who has the floor', () => near(tanPhu, TONES.minh));
    await lanPage.getByText('Only who has the floor is heard. Raise your hand to speak.').waitFor();
    await lanPage.locator('figure.large[aria-label="Minh"]').waitFor();
    for (const page of [lanPage, minhPage, chairPage])
      await order(page)
        .getByRole('timer')
        .getByText(/^0:[0-5]\d left$/)
        .waitFor();
    await order(lanPage).getByText('Minh has the floor').waitFor();
    await look(lanPage, 'held');
    await look(minhPage, 'own-floor');
    await look(chairPage, 'chair');
  });

  test('who has the floor and loses the connection comes back to it, seen and heard', async () => {
    const about = 'connection lost, coming back…';
    await minh.context.setOffline(true);
    await minhPage.evaluate(cutSockets);
    await minhPage
      .getByRole('alert')
      .filter({ hasText: /no network/ })
      .waitFor();
    for (const page of [chairPage, lanPage]) await tile(page, 'Minh').getByText(about).waitFor();
    await order(lanPage).getByText('Minh has the floor').waitFor();
    await look(lanPage, 'away');
    await hears(chairPage, TONES.minh, false);
    await minh.context.setOffline(false);
    await hears(chairPage, TONES.minh);
    await waitFor('the hall to hear who has the floor', () => near(tanPhu, TONES.minh));
    await waitFor(
      'the hall to see it large',
      async () => (await tanPhu.sees()) === 'yellow',
      20_000,
    );
    await tile(lanPage, 'Minh').getByText(about).waitFor({ state: 'detached' });
    await lanPage.locator('figure.large[aria-label="Minh"]').waitFor();
    expect(await tile(lanPage, 'Minh').count()).toBe(1);
    await hears(chairPage, TONES.lan, false);
    await order(minhPage).getByRole('timer').waitFor();
    await button(minhPage, 'Mute').waitFor();
  });

  test('who comes later sees who has the floor, and that the time is over', async () => {
    const late = await open(minh, 'Thu');
    await late.clock.setFixedTime(Date.now());
    await button(late, 'Come in without camera and microphone').click();
    await order(late).getByText('Minh has the floor').waitFor();
    await late.clock.setFixedTime(Date.now() + 65_000);
    await order(late)
      .getByRole('timer')
      .getByText(/over time$/)
      .waitFor();
    await hears(late, TONES.minh);
    await late.close();
  });

  test('taken back, nobody is heard; the one who asked has the microphone off again', async () => {
    await button(chairPage, 'Take the floor back').click();
    await button(minhPage, 'Unmute').waitFor();
    for (const toneHz of Object.values(TONES)) await hears(chairPage, toneHz, false);
    await order(lanPage).getByText('Nobody has the floor').waitFor();
  });

  test('called without having asked, a laptop opens its microphone itself; a hall is heard', async () => {
    await button(lanPage, 'Mute').click();
    await button(chairPage, 'People').click();
    await giveFloorTo('Lan');
    await lanPage.getByText('The chair gives you the floor, but your microphone is off.').waitFor();
    await look(lanPage, 'called');
    await button(lanPage, 'Turn on my microphone').click();
    await lanPage.getByText('You have the floor: everybody hears you.').waitFor();
    await hears(chairPage, TONES.lan);
    await chairPage.getByRole('button', { name: 'Actions for Xã Tân Phú' }).click();
    const figure = await heardAfterMs(chairPage, 'Give the floor', TONES.tanPhu);
    report('click to heard, a hall', figure);
    await hears(chairPage, TONES.lan, false);
  });

  async function giveFloorTo(name: string): Promise<void> {
    await chairPage.getByRole('button', { name: `Actions for ${name}` }).click();
    await button(chairPage, 'Give the floor').click();
    await chairPage.getByRole('button', { name: `Actions for ${name}` }).click();
  }

  test('in a free discussion everybody has their own switch again', async () => {
    await button(chairPage, 'Lead').click();
    await button(chairPage, 'Free discussion').click();
    await hears(chairPage, TONES.lan);
    await hears(chairPage, TONES.tanPhu);
    await hears(chairPage, TONES.minh, false);
    await order(lanPage).waitFor({ state: 'detached' });
  });

  test('asked to turn on the microphone, one may stay muted, or do it', async () => {
    const ask = async () => {
      await button(chairPage, 'Ask to unmute').click();
      await minhPage.getByText('The chair asks you to turn on your microphone.').waitFor();
    };
    await button(chairPage, 'People').click();
    await chairPage.getByRole('button', { name: 'Actions for Minh' }).click();
    await ask();
    await look(minhPage, 'asked');
    await button(minhPage, 'Stay muted').click();
    await button(minhPage, 'Turn on my microphone').waitFor({ state: 'detached' });
    await ask();
    await button(minhPage, 'Turn on my microphone').click();
    await hears(chairPage, TONES.minh);
  });

  test('a message with a link arrives, counted until it is read; on a phone it has the page', async () => {
    await lanPage.keyboard.press('c');
    const field = lanPage.getByLabel('Message to everybody');
    await field.fill('Tài liệu: https://xa.example/a?b=1. <b>Không</b> javascript:alert(1)');
    await field.press('Enter');
    await lanPage.getByRole('log').getByText('Lan (you)').waitFor();
    expect(await field.inputValue()).toBe('');
    await button(minhPage, 'Chat (unread: 1)').click();
    const log = minhPage.getByRole('log', { name: 'Messages' });
    await log.getByText('<b>Không</b> javascript:alert(1)').waitFor();
    const links = log.getByRole('link');
    expect(await links.count()).toBe(1);
    for (const [attribute, value] of Object.entries({
      href: 'https://xa.example/a?b=1',
      rel: 'noopener noreferrer',
      target: '_blank',
    }))
      expect(await links.getAttribute(attribute)).toBe(value);
    await look(minhPage, 'chat');
    await minhPage.setViewportSize(PHONE);
    const tasks = Array.from({ length: 40 }, (_, index) => `Việc thứ ${index + 1}`);
    await minhPage.getByLabel('Message to everybody').fill(tasks.join('\n'));
    await minhPage.keyboard.press('Enter');
    await log.getByText('Việc thứ 40').waitFor();
    expect(await log.evaluate(isScrolledToEnd)).toBe(true);
    await look(minhPage, 'chat-phone');
    await button(minhPage, 'Close panel').click();
    await button(minhPage, 'Raise hand').waitFor();
    await look(minhPage, 'phone');
    await minhPage.setViewportSize(DESK);
  });

  test('who comes later reads it too', async () => {
    const late = await open(minh, 'Thu');
    await button(late, 'Come in without camera and microphone').click();
    await button(late, 'Chat (unread: 2)').click();
    await late.getByRole('log').getByRole('link', { name: 'https://xa.example/a?b=1' }).waitFor();
    await button(late, 'Leave').click();
    await late.close();
  });

  test('a guest who knows the chair’s PIN leads without leaving', async () => {
    await button(lanPage, /^People/).click();
    await button(lanPage, 'I lead this meeting').click();
    await lanPage.getByLabel('Chair PIN').fill('9999');
    await button(lanPage, 'Lead the meeting').click();
    await lanPage.getByRole('alert').getByText('This is not the PIN of the chair').waitFor();
    await look(lanPage, 'lead-by-pin');
    await lanPage.getByLabel('Chair PIN').fill(CHAIR_PIN);
    await button(lanPage, 'Lead the meeting').click();
    await button(lanPage, 'Lead').waitFor();
    await tile(chairPage, 'Lan').getByText('chair').waitFor({ state: 'attached' });
  });

  test('ended for everybody, nothing is left, and no page complained', async () => {
    await button(chairPage, 'Lead').click();
    await button(chairPage, 'End for all').first().click();
    await chairPage.getByRole('alertdialog').getByRole('button', { name: 'End for all' }).click();
    for (const page of [chairPage, lanPage, minhPage])
      await page.getByText('The conference has ended.').waitFor();
    await tanPhu.ended();
    await expectNothingLeft(system);
    expect(complaints).toEqual([]);
  });
});

/** From the click on a button until a tone is heard on the same page, seen by the page itself. */
async function heardAfterMs(page: Page, buttonName: string, toneHz: number): Promise<string> {
  await freshToneLevels(page, 'audio', [toneHz]);
  const click = page.getByRole('button', { name: buttonName, exact: true });
  const ms = await click.evaluate(clickAndListen, { toneHz, heardDb: HEARD_DB });
  return `${Math.round(ms)} ms`;
}

/** Runs in the page. */
async function clickAndListen(
  clicked: unknown,
  { toneHz, heardDb }: { toneHz: number; heardDb: number },
): Promise<number> {
  const { document } = globalThis as unknown as {
    document: { querySelector(selector: string): unknown };
  };
  const audio = document.querySelector('audio');
  const startedAtMs = performance.now();
  (clicked as { click(): void }).click();
  while (performance.now() - startedAtMs < 10_000) {
    const [levelDb = -200] = globalThis.probes.levels(audio, [toneHz]).levelsDb;
    if (levelDb > heardDb) return performance.now() - startedAtMs;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error(`${toneHz} Hz is not heard`);
}

/** Runs in the page. */
function isScrolledToEnd(log: unknown): boolean {
  const { scrollHeight, scrollTop, clientHeight } = log as Record<
    'scrollHeight' | 'scrollTop' | 'clientHeight',
    number
  >;
  return scrollHeight > clientHeight && scrollHeight - scrollTop - clientHeight < 2;
}

/** Runs in the page before its own scripts, so that its connection can be cut later. */
function keepSockets(): void {
  const Original = globalThis.WebSocket;
  globalThis.sockets = [];
  globalThis.WebSocket = class extends Original {
    constructor(...how: ConstructorParameters<typeof Original>) {
      super(...how);
      globalThis.sockets.push(this);
    }
  };
}

/** Runs in the page. */
function cutSockets(): void {
  for (const socket of globalThis.sockets) socket.close();
}

function near(phone: Baresip, toneHz: number): boolean {
  return Math.abs(phone.heard().frequencyHz - toneHz) < 30;
}

/** Figures are printed, never asserted. */
function report(what: string, figure: string): void {
  process.stdout.write(`    ${what}: ${figure}\n`);
}
