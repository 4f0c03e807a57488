import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { startFirefox, type TestFirefox } from '../support/firefox.ts';
import { decodedFps, toneLevels } from '../support/page.ts';
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
const TONES = { firefox: 700, lan: 1300, hall: 500 };
const CLEAR_DB = 15;
const ABSENT_HZ = 2900;

/** Firefox is killed and takes no leave: it might come back for so long. */
const COME_BACK_MS = 3000;

describe('a browser without H.264', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let hall: Baresip;
  let lan: TestChromium;
  let lanPage: Page;
  let firefox: TestFirefox;

  beforeAll(async () => {
    system = await startSystem({ DIEMCAU_ROOMS_COME_BACK_MS: String(COME_BACK_MS) });
    await addSite(system, HALL, 'tan-phu');
    conference = await addConference(system, { name: 'Họp', number: '1001', alias: 'hop' });
    [hall, lan, firefox] = await Promise.all([
      startBaresip({
        username: 'tan-phu',
        password: passwordOf('tan-phu'),
        audioCodecs: ['pcma'],
        colour: 'red',
        toneHz: TONES.hall,
      }),
      startChromium({ where: 'office', colour: 'green', toneHz: TONES.lan }),
      startFirefox({ where: 'office', toneHz: TONES.firefox }),
    ]);
    lanPage = await lan.newPage();
    await hall.registered();
    await hall.dial('1001');
    await firefox.goto(`${system.browserUrl}/c/hop?name=Minh&join=1`);
  });

  afterAll(async () => {
    for (const one of [firefox, lan, hall, system]) await one?.close();
  });

  const isThere = (selector: string) =>
    firefox.evaluate<boolean>(`document.querySelector(${JSON.stringify(selector)}) !== null`);
  const textOf = (selector: string) =>
    firefox.evaluate<string>(`document.querySelector(${JSON.stringify(selector)})?.textContent`);
  const colourOfHalls = async () => {
    const video = `document.querySelector(${JSON.stringify(`${COMPOSED} video`)})`;
    const seen = await firefox.evaluate<Colour | null>(`${video} && probes.videoColour(${video})`);
    return seen && nearestColour(seen);
  };

  test('really has none', async () => {
    const codecs = await firefox.evaluate<string[]>(
      `RTCRtpReceiver.getCapabilities('video').codecs.map(({ mimeType }) => mimeType)`,
    );
    expect(codecs).toContain('video/VP8');
    expect(codecs).not.toContain('video/H264');
  });

  test('is shown the halls in one picture', async () => {
    const site = await waitFor('the hall', async () =>
      (await participantsOf(system, conference)).find(({ name }) => name === HALL),
    );
    // Firefox beeps, and whoever speaks would be the large one.
    const layout = { layout: 'speaker', pinnedParticipantId: site.id };
    const path = `/conferences/${conference.id}/layout`;
    expect((await system.api(path, { method: 'PUT', body: layout })).status).toBe(200);
    await waitFor('the halls in red', async () => (await colourOfHalls()) === 'red', 30_000);
  });

  test('is alone in that: who has H.264 sees the hall itself', async () => {
    await lanPage.goto(`${system.browserUrl}/c/hop?name=Lan&join=1`);
    await lanPage.locator(`figure[aria-label="${HALL}"] video`).waitFor();
    expect(await lanPage.locator(COMPOSED).count()).toBe(0);
  });

  test('is seen and heard by the others', async () => {
    await lanPage.locator('figure[aria-label="Minh"]').waitFor();
    await waitFor(
      'Firefox to be seen',
      async () => (await decodedFps(lanPage, 'figure[aria-label="Minh"] video')) > 5,
      30_000,
    );
    await waitFor('Firefox to be heard', async () => {
      const tones = [TONES.firefox, ABSENT_HZ];
      const [wanted = -200, other = -200] = await toneLevels(lanPage, 'audio', tones);
      return wanted - other > CLEAR_DB;
    });
    const minh = (await participantsOf(system, conference)).find(({ name }) => name === 'Minh');
    expect(minh).toMatchObject({ kind: 'browser', hasVideo: true });
  });

  test('hears the conference', async () => {
    // An AudioContext of Firefox does not run where there is no sound card.
    await waitFor(
      'sound',
      async () => (await firefox.evaluate<number>('probes.soundLevel()')) > 0.01,
    );
  });

  test('shows whom it cannot decode by name, with a note', async () => {
    for (const name of [HALL, 'Lan']) {
      const tile = `figure[aria-label="${name}"]`;
      await waitFor(`the tile of ${name}`, () => isThere(tile));
      await waitFor('the note', async () => /cannot show this picture/.test(await textOf(tile)));
      expect(await textOf(`${tile} figcaption`)).toContain(name);
      expect(await isThere(`${tile} video`)).toBe(false);
    }
  });

  test('is missed when it is gone, and leaves nothing behind', async () => {
    await firefox.close();
    await lanPage.close();
    await waitFor(
      'both browsers gone',
      async () => (await participantsOf(system, conference)).every(({ name }) => name === HALL),
      20_000,
    );
    await hall.hangup();
    await waitFor(
      'everybody gone',
      async () => (await participantsOf(system, conference)).length === 0,
    );
    await expectNothingLeft(system);
  });
});
