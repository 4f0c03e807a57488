import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { setHallLink } from '../support/bed/hall-link.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { decodedFps, toneLevels, videoColour } from '../support/page.ts';
import { type ColourName, nearestColour } from '../support/picture.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from './district.ts';

const TONES = { tanPhu: 500, binhMinh: 900, lan: 1300, minh: 1700 };
/** A tone that is there stands this far out of one that is not. */
const CLEAR_DB = 15;
const ABSENT_HZ = 2900;

describe('a codec and browsers in one conference', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let tanPhu: Baresip;
  let binhMinh: Baresip;
  let lan: TestChromium;
  let minh: TestChromium;
  let lanPage: Page;
  let minhPage: Page;

  beforeAll(async () => {
    system = await startSystem();
    await addSite(system, 'Xã Tân Phú', 'tan-phu');
    await addSite(system, 'Xã Bình Minh', 'binh-minh');
    conference = await addConference(system, {
      name: 'Giao ban tuần',
      number: '1001',
      alias: 'giao-ban',
    });
    tanPhu = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      audioCodecs: ['pcma'],
      colour: 'red',
      toneHz: TONES.tanPhu,
    });
    binhMinh = await startBaresip({
      username: 'binh-minh',
      password: passwordOf('binh-minh'),
      transport: 'tcp',
      audioCodecs: ['g722'],
      colour: 'blue',
      toneHz: TONES.binhMinh,
    });
    lan = await startChromium({
      where: 'office',
      colour: 'green',
      toneHz: TONES.lan,
      locale: 'vi-VN',
    });
    minh = await startChromium({ where: 'office', colour: 'yellow', toneHz: TONES.minh });
  });

  afterAll(async () => {
    setHallLink({});
    const started = [lan, minh, tanPhu, binhMinh, system];
    for (const one of started) await one?.close();
  });

  const tile = (name: string) => `figure[aria-label="${name}"] video`;
  const sees = (page: Page, name: string, colour: ColourName, timeoutMs = 10_000) =>
    waitFor(
      `${name} in ${colour}`,
      async () => nearestColour(await videoColour(page, tile(name))) === colour,
      timeoutMs,
    );
  const hears = (page: Page, toneHz: number, isHeard = true) =>
    waitFor(`${toneHz} Hz ${isHeard ? 'heard' : 'gone'}`, async () => {
      const [wanted = -200, other = -200] = await toneLevels(page, 'audio', [toneHz, ABSENT_HZ]);
      return wanted - other > CLEAR_DB === isHeard;
    });
  const phoneSees = (phone: Baresip, colour: ColourName, timeoutMs = 15_000) =>
    waitFor(`the codec to see ${colour}`, async () => (await phone.sees()) === colour, timeoutMs);

  test('a codec registers with digest and dials; alone, it sees a slate and hears silence', async () => {
    await tanPhu.registered();
    await tanPhu.dial('1001');
    expect(await participantsOf(system, conference)).toMatchObject([
      { name: 'Xã Tân Phú', kind: 'endpoint' },
    ]);
    await waitFor('the slate', async () => (await tanPhu.sees()) === 'black');
    await waitFor('silence', () => tanPhu.heard().level < 0.01);
  });

  test('a laptop joins by the link and they see and hear each other', async () => {
    lanPage = await lan.newPage();
    await lanPage.goto(`${system.browserUrl}/c/giao-ban`);
    await lanPage.getByLabel('Tên của bạn').fill('Lan');
    await lanPage.getByRole('button', { name: 'Tham gia' }).click();
    await sees(lanPage, 'Xã Tân Phú', 'red');
    await hears(lanPage, TONES.tanPhu);
    await phoneSees(tanPhu, 'green');
    await waitFor('the laptop heard', () => near(tanPhu.heard().frequencyHz, TONES.lan));
  });

  test('the browser decodes the codec at 20 frames a second or more', async () => {
    let fps = 0;
    await waitFor(
      '20 frames a second',
      async () => {
        fps = await decodedFps(lanPage, tile('Xã Tân Phú'));
        return fps >= 20;
      },
      30_000,
    );
    report('frames decoded per second', fps.toFixed(1));
  });

  test('a second laptop joins late and sees and hears everybody', async () => {
    minhPage = await minh.newPage();
    await minhPage.goto(`${system.browserUrl}/c/giao-ban?name=Minh`);
    await minhPage.getByRole('button', { name: 'Join' }).click();
    await minhPage.locator('figure[aria-label="Lan"]').waitFor();
    const joinedAtMs = Date.now();
    await waitFor('both pictures', async () => (await picturesOf(minhPage)) === 2);
    report('late joiner’s pictures after', `${Date.now() - joinedAtMs} ms`);
    await sees(minhPage, 'Xã Tân Phú', 'red');
    await sees(minhPage, 'Lan', 'green');
    await hears(minhPage, TONES.tanPhu);
    await hears(minhPage, TONES.lan);
    await sees(lanPage, 'Minh', 'yellow');
    await hears(lanPage, TONES.minh);
  });

  test('a codec that only knows G.722, over TCP, is seen and heard and sees and hears', async () => {
    await binhMinh.registered();
    await binhMinh.dial('1001');
    expect(binhMinh.audioCodec()).toMatch(/G722/);
    await sees(lanPage, 'Xã Bình Minh', 'blue');
    await hears(lanPage, TONES.binhMinh);
    await waitFor('a tone heard over G.722', () => {
      const { frequencyHz } = binhMinh.heard();
      return [TONES.tanPhu, TONES.lan, TONES.minh].some(toneHz => near(frequencyHz, toneHz));
    });
  });

  test('a codec that begins to talk is shown to the other codec, and never to itself', async () => {
    await phoneSees(tanPhu, 'blue');
    expect(await binhMinh.sees()).not.toBe('blue');
  });

  test('a laptop that is unmuted becomes the speaker; the switch reaches the codecs', async () => {
    await lanPage.getByRole('button', { name: 'Tắt micro' }).click();
    await minhPage.getByRole('button', { name: 'Mute' }).click();
    await hears(minhPage, TONES.lan, false);
    await lanPage.getByRole('button', { name: 'Bật micro' }).click();
    await phoneSees(tanPhu, 'green');
    await phoneSees(binhMinh, 'green');
    await minhPage.getByRole('button', { name: 'Unmute' }).click();
    await phoneSees(tanPhu, 'yellow');
  });

  test('held, the space bar talks, also after a click on a button; let go, it does not', async () => {
    await minhPage.getByRole('button', { name: 'Mute' }).click();
    await hears(lanPage, TONES.minh, false);
    await minhPage.keyboard.down('Space');
    await hears(lanPage, TONES.minh);
    await minhPage.keyboard.up('Space');
    await hears(lanPage, TONES.minh, false);
    await minhPage.getByText('You are talking, but your microphone is off').waitFor();
    await minhPage.getByRole('button', { name: 'Unmute' }).click();
  });

  test('one tile pinned is large; the speaker view shows who speaks, a hall too; the pictures go on', async () => {
    const hall = minhPage.locator('figure[aria-label="Xã Tân Phú"]');
    const widthOf = async () => (await hall.boundingBox())?.width ?? 0;
    const before = await widthOf();
    await hall.hover();
    await hall.getByRole('button', { name: 'Pin', exact: true }).click();
    await waitFor('the pinned tile to be large', async () => (await widthOf()) > 1.4 * before);
    await sees(minhPage, 'Xã Tân Phú', 'red');
    await hall.getByRole('button', { name: 'Unpin' }).click();
    await minhPage.keyboard.press('g');
    await minhPage.locator('figure.large').waitFor();
    await sees(minhPage, 'Lan', 'green');
    await lanPage.getByRole('button', { name: 'Tắt micro' }).click();
    await minhPage.locator('figure.large[aria-label^="Xã"]').waitFor();
    await lanPage.getByRole('button', { name: 'Bật micro' }).click();
    await phoneSees(tanPhu, 'green');
    await minhPage.getByRole('button', { name: 'Everybody alike' }).click();
    await minhPage.locator('figure.large').waitFor({ state: 'detached' });
    await sees(minhPage, 'Xã Tân Phú', 'red');
  });

  test('another microphone while the meeting goes on is heard as before', async () => {
    await minhPage.getByRole('button', { name: 'Devices' }).click();
    await minhPage.getByLabel('Noise suppression').uncheck();
    await minhPage.getByRole('button', { name: 'Done' }).click();
    await hears(lanPage, TONES.minh);
  });

  test('with two percent of loss on the codecs’ link the picture recovers', async () => {
    setHallLink({ lossPct: 2 });
    await new Promise(resolve => setTimeout(resolve, 5000));
    await sees(lanPage, 'Xã Tân Phú', 'red');
    report(
      'frames decoded per second at 2 % loss',
      (await decodedFps(lanPage, tile('Xã Tân Phú'))).toFixed(1),
    );
    setHallLink({});
    await waitFor(
      'the picture to move again',
      async () => (await decodedFps(lanPage, tile('Xã Tân Phú'))) >= 20,
      30_000,
    );
    await sees(lanPage, 'Xã Tân Phú', 'red');
    await phoneSees(tanPhu, 'green');
  });

  test('a laptop that leaves is gone for everybody, one that is closed too', async () => {
    await minhPage.getByRole('button', { name: 'Leave' }).click();
    await lanPage.locator('figure[aria-label="Minh"]').waitFor({ state: 'detached' });
    await hears(lanPage, TONES.minh, false);
    await lanPage.close();
    await waitFor(
      'both laptops gone',
      async () => {
        const here = await participantsOf(system, conference);
        return here.every(({ kind }) => kind === 'endpoint');
      },
      20_000,
    );
    await phoneSees(tanPhu, 'blue');
  });

  test('after hang-up nothing is left anywhere', async () => {
    await tanPhu.hangup();
    await binhMinh.hangup();
    await expectNothingLeft(system);
  });
});

/** How many of the others' pictures a page shows. */
async function picturesOf(page: Page): Promise<number> {
  const widths = await page
    .locator('video[data-participant-id]')
    .evaluateAll(videos =>
      videos.map(video => (video as unknown as { videoWidth: number }).videoWidth),
    );
  return widths.filter(width => width > 0).length;
}

function near(frequencyHz: number, toneHz: number): boolean {
  return Math.abs(frequencyHz - toneHz) < 30;
}

/** Figures are printed, never asserted. */
function report(what: string, figure: string): void {
  process.stdout.write(`    ${what}: ${figure}\n`);
}
