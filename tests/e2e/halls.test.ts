import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { rectanglesFor } from '../../src/stage/layout/rectangles.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { videoColour } from '../support/page.ts';
import { COLOURS, type ColourName, nearestColour } from '../support/picture.ts';
import { lastPictureOf } from '../support/seen-picture.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from './district.ts';
import {
  type Hall,
  Halls,
  quietMedia,
  report,
  setLayout,
  showsFull,
  showsTiles,
  siteIdOf,
} from './halls.ts';

const [RED, BLUE, YELLOW] = ['Xã Tân Phú', 'Xã Bình An', 'Xã Châu Phú'];
const SLIDES = 'Slides of the meeting';
const EVERYBODY: readonly ColourName[] = ['red', 'blue', 'yellow', 'green'];
/** Of a tile, where its marks are: its upper left corner. */
const MARKS = { width: 0.2, height: 0.1 };

/** Two light room codecs, a baresip that speaks all the time, and a laptop that is muted. */
describe('what halls see of each other and of a laptop', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let halls: Halls;
  let red: Hall;
  let blue: Hall;
  let yellow: Baresip;
  let lan: TestChromium;
  let lanPage: Page;

  beforeAll(async () => {
    system = await startSystem();
    conference = await addConference(system, {
      name: 'Giao ban',
      number: '1001',
      alias: 'giao-ban',
      layout: 'grid',
    });
    halls = new Halls(system);
    red = await halls.open(RED, 'tan-phu', quietMedia('red'));
    blue = await halls.open(BLUE, 'binh-an', quietMedia('blue'));
    await addSite(system, YELLOW, 'chau-phu');
    yellow = await startBaresip({
      username: 'chau-phu',
      password: passwordOf('chau-phu'),
      colour: 'yellow',
      toneHz: 500,
    });
    lan = await startChromium({ where: 'office', colour: 'green', sharesTab: SLIDES });
    await openSlides(lan);
    await red.codec.call('1001');
    await blue.codec.call('1001');
    await yellow.registered();
    await yellow.dial('1001');
    lanPage = await lan.newPage();
    await lanPage.goto(`${system.browserUrl}/c/giao-ban?name=Lan&join=1`);
    await lanPage.getByRole('button', { name: 'Mute' }).click();
  });

  afterAll(async () => {
    halls?.close();
    for (const one of [lan, yellow, system]) await one?.close();
  });

  const byRed = () => red.screen.look();
  const byBlue = () => blue.screen.look();
  const byYellow = async () => lastPictureOf(readFileSync(await yellow.snapshot()), 'png_pipe', 1);
  const idOf = async (name: string) =>
    (await participantsOf(system, conference)).find(one => one.name === name)?.id ?? '';

  const snapshot = async (query: Record<string, string>, conferenceId = conference.id) => {
    const { publicHost, http } = system.settings;
    const path = `/api/v1/conferences/${conferenceId}/snapshot?${new URLSearchParams(query)}`;
    return fetch(`http://${publicHost}:${http.port}${path}`, {
      headers: { authorization: `Bearer ${system.adminToken}` },
    });
  };
  const jpeg = async (query: Record<string, string>) => {
    const reply = await snapshot(query);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('image/jpeg');
    return lastPictureOf(Buffer.from(await reply.arrayBuffer()), 'mjpeg', 1);
  };

  test('in a grid each hall sees everybody, itself too, each in its own tile', async () => {
    const seenByRed = await showsTiles('grid in a codec', byRed, 'grid', EVERYBODY);
    await showsTiles('the same in another', byBlue, 'grid', EVERYBODY);
    await showsTiles('the same in baresip', byYellow, 'grid', EVERYBODY);
    report('what a codec is sent', `${seenByRed.width}x${seenByRed.height}`);
  });

  test('the laptop sees every hall in a tile of its own', async () => {
    for (const [name, colour] of [
      [RED, 'red'],
      [BLUE, 'blue'],
      [YELLOW, 'yellow'],
    ] as const)
      await waitFor(`${name} in ${colour}`, async () => {
        const seen = await videoColour(lanPage, `figure[aria-label="${name}"] video`);
        return nearestColour(seen) === colour;
      });
  });

  test('who is pinned is large for all others and sees the speaker large', async () => {
    const pinnedParticipantId = await idOf(BLUE);
    await setLayout(system, conference, { layout: 'speaker', pinnedParticipantId });
    const others: ColourName[] = ['red', 'yellow', 'green'];
    await showsTiles('pinned, in a codec', byRed, 'speaker', ['blue', ...others]);
    await showsTiles('pinned, in baresip', byYellow, 'speaker', ['blue', ...others]);
    const own: ColourName[] = ['red', 'blue', 'green'];
    await showsTiles('the speaker, in the pinned one', byBlue, 'speaker', ['yellow', ...own]);
  });

  test('full shows one alone', async () => {
    await setLayout(system, conference, { layout: 'full', pinnedParticipantId: await idOf(RED) });
    await showsFull('the other codec', byBlue, 'red');
    await showsFull('baresip', byYellow, 'red');
    await showsFull('the pinned one', byRed, 'yellow');
  });

  test('a lecture shows HQ to the halls, and to HQ the halls in turns', async () => {
    const hqSiteId = await siteIdOf(system, RED);
    await setLayout(system, conference, { layout: 'lecture', hqSiteId });
    await showsFull('the other codec', byBlue, 'red');
    await showsFull('baresip', byYellow, 'red');
    await showsFull('HQ', byRed, 'blue');
    await showsFull('HQ, in the next turn', byRed, 'yellow');
  });

  test('a hall that mutes itself by *6 is marked in the others’ picture, until it unmutes', async () => {
    await setLayout(system, conference, { layout: 'grid' });
    const picture = await showsTiles('the grid again', byRed, 'grid', EVERYBODY);
    const [, tile] = rectanglesFor('grid', EVERYBODY.length, picture);
    if (!tile) throw new Error('no tile');
    const corner = {
      ...tile,
      width: tile.width * MARKS.width,
      height: tile.height * MARKS.height,
    };
    const redShare = async () => (await byRed()).shareOf('red', corner);
    expect(await redShare()).toBeLessThan(0.05);
    await blue.codec.press('*6');
    await waitFor('the mark', async () => (await redShare()) > 0.25);
    await blue.codec.press('*6');
    await waitFor('no mark', async () => (await redShare()) < 0.05);
  });

  test('a hall that raises its hand by *1 is marked in the others’ picture and known to the gateway', async () => {
    const picture = await showsTiles('the grid', byBlue, 'grid', EVERYBODY);
    const [tile] = rectanglesFor('grid', EVERYBODY.length, picture);
    if (!tile) throw new Error('no tile');
    const area = { ...tile, width: tile.width * MARKS.width, height: tile.height / 4 };
    const marked = async () => (await byBlue()).shareOf('blue', area);
    const top = {
      x: picture.width * 0.8,
      y: 0,
      width: picture.width * 0.15,
      height: picture.height / 25,
    };
    const lineAbove = async () => (await byBlue()).colourOf(top) !== 'blue';
    const isRaised = async () =>
      (await participantsOf(system, conference)).find(one => one.name === RED)?.handRaised;
    expect([await isRaised(), (await marked()) < 0.05]).toEqual([false, true]);
    await red.codec.press('*1');
    await waitFor('the hand at the gateway', isRaised);
    await waitFor('the mark', async () => (await marked()) > 0.15);
    await waitFor('the line of who waits', lineAbove);
    await red.codec.press('*1');
    await waitFor('the hand down', async () => (await isRaised()) === false);
    await waitFor('no mark', async () => (await marked()) < 0.05);
    await waitFor('no line', async () => !(await lineAbove()));
  });

  test('a snapshot of a site is its own camera', async () => {
    const picture = await jpeg({ participant: await idOf(BLUE), width: '320' });
    expect([picture.width, picture.height]).toEqual([320, 180]);
    expect(picture.colourOf(picture.all)).toBe('blue');
  });

  test('a snapshot of what a hall sees has everybody in it', async () => {
    const participant = await idOf(RED);
    const look = () => jpeg({ participant, of: 'seen' });
    const picture = await showsTiles('snapshot', look, 'grid', EVERYBODY);
    expect(picture.width).toBe(640);
  });

  test('there is no snapshot of whom nobody knows, nor of who shows nothing', async () => {
    const participant = await idOf(BLUE);
    expect((await snapshot({ participant: 'nobody' })).status).toBe(404);
    expect((await snapshot({ participant }, 'no-conference')).status).toBe(404);
    await blue.codec.renegotiate({ direction: 'inactive' });
    const held = await snapshot({ participant });
    expect(held.status).toBe(409);
    expect(await held.json()).toMatchObject({ error: { code: 'no-picture' } });
    const { status } = await snapshot({ participant: await idOf('Lan'), of: 'seen' });
    expect(status).toBe(400);
    await blue.codec.renegotiate({});
    await showsTiles('the hall again', byRed, 'grid', EVERYBODY);
  });

  test('slides of a laptop are large for halls without BFCP, and the speaker when they end', async () => {
    await setLayout(system, conference, { layout: 'auto' });
    const speaker: ColourName[] = ['yellow', 'red', 'blue', 'green'];
    await showsTiles('the speaker', byRed, 'speaker', speaker);
    await lanPage.getByRole('button', { name: 'Share screen' }).click();
    await showsTiles('slides in a codec', byRed, 'content', ['magenta', 'yellow']);
    await showsTiles('slides in baresip', byYellow, 'content', ['magenta', 'yellow']);
    await lanPage.getByRole('button', { name: 'Stop sharing' }).click();
    await showsTiles('the speaker after the slides', byRed, 'speaker', speaker);
  });

  test('after hang-up nothing is left anywhere', async () => {
    await halls.hangUp();
    await yellow.hangup();
    await lanPage.close();
    await expectNothingLeft(system);
  });
});

/** A tab of one colour, for sharing. */
async function openSlides({ newPage }: TestChromium): Promise<void> {
  const page = await newPage();
  const style = `background:rgb(${COLOURS.magenta.join(',')})`;
  await page.setContent(`<title>${SLIDES}</title><body style="${style}"></body>`);
}
