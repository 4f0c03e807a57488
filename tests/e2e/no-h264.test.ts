import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { startFirefox, type TestFirefox } from '../support/firefox.ts';
import { type Colour, nearestColour } from '../support/picture.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from './district.ts';

const HALL = 'Xã Tân Phú';
const COMPOSED = 'figure[aria-label="The halls"]';

describe('the halls’ picture in a browser without H.264', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let hall: Baresip;
  let lan: TestChromium;
  let lanPage: Page;
  let firefox: TestFirefox;

  beforeAll(async () => {
    system = await startSystem();
    await addSite(system, HALL, 'tan-phu');
    conference = await addConference(system, { name: 'Họp', number: '1001', alias: 'hop' });
    hall = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      audioCodecs: ['pcma'],
      colour: 'red',
      toneHz: 500,
    });
    await hall.registered();
    lan = await startChromium({ where: 'office', colour: 'green', toneHz: 1300 });
    lanPage = await lan.newPage();
    firefox = await startFirefox({ where: 'office', toneHz: 700 });
    await hall.dial('1001');
    await firefox.goto(`${system.browserUrl}/c/hop?name=Minh&join=1`);
  });

  afterAll(async () => {
    for (const one of [firefox, lan, hall, system]) await one?.close();
  });

  const isThere = (selector: string) =>
    firefox.evaluate<boolean>(`document.querySelector(${JSON.stringify(selector)}) !== null`);
  const colour = async () => {
    const video = `document.querySelector(${JSON.stringify(`${COMPOSED} video`)})`;
    const seen = await firefox.evaluate<Colour | null>(`${video} && probes.videoColour(${video})`);
    return seen && nearestColour(seen);
  };

  test('shows the hall', async () => {
    await waitFor('the composed picture in red', async () => (await colour()) === 'red', 30_000);
  });

  test('is not shown to a browser that has H.264', async () => {
    await lanPage.goto(`${system.browserUrl}/c/hop?name=Lan&join=1`);
    await lanPage.locator(`figure[aria-label="${HALL}"] video`).waitFor();
    expect(await lanPage.locator(COMPOSED).count()).toBe(0);
  });

  test('keeps the names of those it stands for', async () => {
    for (const name of [HALL, 'Lan']) {
      await waitFor(`the tile of ${name}`, () => isThere(`figure[aria-label="${name}"]`));
      expect(await isThere(`figure[aria-label="${name}"] video`)).toBe(false);
    }
  });

  test('ends when the last such browser has left', async () => {
    await firefox.close();
    await waitFor(
      'Firefox gone',
      async () => (await participantsOf(system, conference)).every(({ name }) => name !== 'Minh'),
      20_000,
    );
    await hall.hangup();
    await lanPage.close();
    await expectNothingLeft(system);
  });
});
