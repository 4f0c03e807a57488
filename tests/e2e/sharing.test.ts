import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { videoColour } from '../support/page.ts';
import { COLOURS, type ColourName, nearestColour } from '../support/picture.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf } from './district.ts';

const SLIDES = 'Slides of the meeting';
const SCREEN = 'figure[aria-label="Screen of Lan"]';

describe('a shared screen', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let lan: TestChromium;
  let minh: TestChromium;
  let lanPage: Page;
  let minhPage: Page;

  beforeAll(async () => {
    system = await startSystem();
    conference = await addConference(system, { name: 'Họp', number: '1001', alias: 'hop' });
    lan = await startChromium({ where: 'office', colour: 'green', sharesTab: SLIDES });
    minh = await startChromium({ where: 'office', colour: 'yellow', sharesTab: SLIDES });
    for (const browser of [lan, minh]) await openSlides(browser, 'blue');
    lanPage = await enter(lan, 'Lan');
    minhPage = await enter(minh, 'Minh');
  });

  afterAll(async () => {
    for (const one of [lan, minh, system]) await one?.close();
  });

  async function enter(browser: TestChromium, name: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${system.browserUrl}/c/hop?name=${name}&join=1`);
    await page.getByRole('button', { name: 'Share screen' }).waitFor();
    return page;
  }

  const sees = (page: Page, figure: string, colour: ColourName) =>
    waitFor(
      `${figure} in ${colour}`,
      async () => nearestColour(await videoColour(page, `${figure} video`)) === colour,
      20_000,
    );
  const click = (page: Page, name: string) => page.getByRole('button', { name }).click();
  const sharers = async () =>
    (await participantsOf(system, conference)).flatMap(p => (p.sharing ? p.name : []));

  test('is seen large by the other, beside the sharer’s camera', async () => {
    await sees(minhPage, 'figure[aria-label="Lan"]', 'green');
    await click(lanPage, 'Share screen');
    await sees(minhPage, SCREEN, 'blue');
    await sees(minhPage, 'figure[aria-label="Lan"]', 'green');
    const widthOf = async (figure: string) =>
      (await minhPage.locator(figure).boundingBox())?.width ?? 0;
    expect(await widthOf(SCREEN)).toBeGreaterThan(2 * (await widthOf('figure[aria-label="Lan"]')));
    expect(await sharers()).toEqual(['Lan']);
  });

  test('is not shown to its sharer, who is told that all see it', async () => {
    await lanPage.getByText('Everybody sees your screen.').waitFor();
    expect(await lanPage.locator(SCREEN).count()).toBe(0);
  });

  test('keeps a second one out, who is told who shares', async () => {
    await click(minhPage, 'Share screen');
    await minhPage.getByText('Lan is sharing a screen.').waitFor();
    expect(await sharers()).toEqual(['Lan']);
  });

  test('ends by the button, for everybody', async () => {
    await click(lanPage, 'Stop sharing');
    await minhPage.locator(SCREEN).waitFor({ state: 'detached' });
    expect(await sharers()).toEqual([]);
  });

  test('can then be another’s, and ends when what is shared is closed', async () => {
    await click(minhPage, 'Share screen');
    const figure = 'figure[aria-label="Screen of Minh"]';
    await sees(lanPage, figure, 'blue');
    await tabOf(minh, SLIDES).close();
    await lanPage.locator(figure).waitFor({ state: 'detached' });
    await minhPage.getByRole('button', { name: 'Share screen' }).waitFor();
  });

  test('goes with its page, and is free for the next', async () => {
    await click(lanPage, 'Share screen');
    await sees(minhPage, SCREEN, 'blue');
    await lanPage.close();
    await minhPage.locator(SCREEN).waitFor({ state: 'detached' });
    await waitFor('nobody to share', async () => (await sharers()).length === 0, 15_000);
  });

  test('leaves nothing behind', async () => {
    await minhPage.close();
    await expectNothingLeft(system);
  });
});

/** A tab of one colour, for sharing. */
async function openSlides({ newPage }: TestChromium, colour: ColourName): Promise<void> {
  const page = await newPage();
  const style = `background:rgb(${COLOURS[colour].join(',')})`;
  await page.setContent(`<title>${SLIDES}</title><body style="${style}"></body>`);
}

function tabOf({ context }: TestChromium, title: string): Page {
  const [page] = context.pages().filter(one => one.url() === 'about:blank');
  if (!page) throw new Error(`no tab ${title}`);
  return page;
}
