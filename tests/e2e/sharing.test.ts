import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import type { ParticipantDetailView } from '../../src/contract/rest.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import {
  decodedFps,
  freshToneLevels,
  pictureSize,
  sendOnly,
  videoColour,
} from '../support/page.ts';
import { COLOURS, type ColourName, nearestColour } from '../support/picture.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from './district.ts';

const SLIDES = 'Slides of the meeting';
const CHAIR_PIN = '4711';
const HALL_HZ = 500;
const LAN_HZ = 1300;
/** No multiple of 100, which all sounds are that come of mixing the other tones too loud. */
const SLIDES_HZ = 2150;
/** A tone that is heard is louder, one that is gone is not. */
const HEARD_DB = -60;
/** Of a camera that is sent in two sizes; a browser that is short of CPU makes both smaller. */
const SMALL_WIDTH = 320;
/** The second one of Chromium’s own is in 16 shades of grey, which it does not send. */
const OTHER_CAMERA = 2;
/** Enough for a look that finds a camera silent, and for the next. */
const OFF_MS = 5_000;
const LOOK_MS = 500;
const HALL = 'Xã Tân Phú';
const SCREEN = 'figure[aria-label="Screen of Lan"]';
const SCREEN_OF_MINH = 'figure[aria-label="Screen of Minh"]';

describe('a shared screen', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let hall: Baresip;
  /** Leads the meeting. */
  let lan: TestChromium;
  let minh: TestChromium;
  let lanPage: Page;
  let minhPage: Page;

  beforeAll(async () => {
    system = await startSystem();
    await addSite(system, HALL, 'tan-phu');
    const words = { name: 'Họp', number: '1001', alias: 'hop', chairPin: CHAIR_PIN };
    conference = await addConference(system, words);
    hall = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      colour: 'red',
      toneHz: HALL_HZ,
    });
    lan = await startChromium({
      where: 'office',
      colour: 'green',
      toneHz: LAN_HZ,
      sharesTab: SLIDES,
    });
    minh = await startChromium({ where: 'office', cameras: 3, sharesTab: SLIDES });
    for (const browser of [lan, minh]) await openSlides(browser, 'blue');
    lanPage = await lan.newPage();
    await lanPage.goto(`${system.browserUrl}/c/hop?name=Lan`);
    await lanPage.getByLabel('I lead this meeting').check();
    await lanPage.getByLabel('Chair PIN').fill(CHAIR_PIN);
    await click(lanPage, 'Join');
    await lanPage.getByRole('button', { name: 'Share screen' }).waitFor();
    minhPage = await minh.newPage();
    await minhPage.goto(`${system.browserUrl}/c/hop?name=Minh&join=1`);
    await minhPage.getByRole('button', { name: 'Share screen' }).waitFor();
    await hall.registered();
    await hall.dial('1001');
  });

  afterAll(async () => {
    for (const one of [lan, minh, hall, system]) await one?.close();
  });

  const sees = (page: Page, figure: string, colour: ColourName) =>
    waitFor(
      `${figure} in ${colour}`,
      async () => nearestColour(await videoColour(page, `${figure} video`)) === colour,
      20_000,
    );
  const click = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true }).click();
  const hears = (page: Page, toneHz: number, isHeard = true) =>
    waitFor(
      `${toneHz} Hz ${isHeard ? 'heard' : 'gone'}`,
      async () => {
        const [levelDb = -200] = await freshToneLevels(page, 'audio', [toneHz]);
        return levelDb > HEARD_DB === isHeard;
      },
      20_000,
    );
  const sharers = async () =>
    (await participantsOf(system, conference)).flatMap(p => (p.sharing ? p.name : []));

  /** A camera is decoded in one of its sizes, and its picture moves. */
  const comes = (page: Page, name: string, size: 'full' | 'small') =>
    waitFor(
      `the ${size} size of ${name}`,
      async () => {
        const video = `figure[aria-label="${name}"] video`;
        const { width } = await pictureSize(page, video);
        const fps = await decodedFps(page, video, LOOK_MS);
        if (isFull(width) === (size === 'full') && fps > 0) return true;
        throw new Error(`${width} wide, ${fps} frames a second`);
      },
      30_000,
    );
  const pictures = async () =>
    (await system.api(`/conferences/${conference.id}/participants`))
      .body as ParticipantDetailView[];

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

  test('is heard by the other and in a hall, also while the sharer’s microphone is off', async () => {
    await lanPage.getByText('Everybody sees your screen and hears its sound.').waitFor();
    for (const page of [lanPage, minhPage]) await click(page, 'Mute');
    await hears(minhPage, SLIDES_HZ);
    await waitFor('the slides heard in the hall', () => near(hall.heard().frequencyHz, SLIDES_HZ));
  });

  test('is heard by its sharer only where it is played, not a second time in the mix', async () => {
    await hears(lanPage, HALL_HZ);
    await hears(lanPage, SLIDES_HZ, false);
  });

  test('has the cameras in the small size beside it; the halls have them whole', async () => {
    await comes(minhPage, 'Lan', 'small');
    await sees(minhPage, 'figure[aria-label="Lan"]', 'green');
    const ofLan = async () => (await pictures()).find(({ name }) => name === 'Lan')?.picture;
    const isWhole = async () => isFull((await ofLan())?.width ?? 0);
    await waitFor('the whole size in the halls', isWhole, 20_000);
    process.stdout.write(`    Lan’s camera for the halls: ${JSON.stringify(await ofLan())}\n`);
  });

  test('is shown to its sharer small, and not large', async () => {
    await sees(lanPage, 'figure[aria-label="The screen you share"]', 'blue');
    expect(await lanPage.locator(SCREEN).count()).toBe(0);
  });

  test('keeps a second one out, who can ask; who shares may share on', async () => {
    await click(minhPage, 'Share screen');
    await minhPage.getByText('Lan is sharing a screen.').waitFor();
    await click(minhPage, 'Ask to share');
    await minhPage.getByText('Lan was asked.').waitFor();
    await lanPage.getByRole('alert').getByText('Minh wants to share a screen.').waitFor();
    await click(lanPage, 'Keep sharing');
    await minhPage.getByText('Lan wants to share on.').waitFor();
    expect(await sharers()).toEqual(['Lan']);
  });

  test('is let go to who asks, with one more click of theirs', async () => {
    await click(minhPage, 'Ask again');
    await click(lanPage, 'Let Minh share');
    await minhPage.locator(SCREEN).waitFor({ state: 'detached' });
    await minhPage.getByRole('alert').getByText('It is your turn').waitFor();
    await click(minhPage, 'Share now');
    await sees(lanPage, SCREEN_OF_MINH, 'blue');
    await hears(lanPage, SLIDES_HZ);
    expect(await sharers()).toEqual(['Minh']);
  });

  test('is ended by a chair, and its sharer is told; its sound is gone', async () => {
    await click(lanPage, 'People');
    await lanPage.getByRole('button', { name: 'Actions for Minh' }).click();
    await click(lanPage, 'Stop the sharing');
    await lanPage.locator(SCREEN_OF_MINH).waitFor({ state: 'detached' });
    await minhPage.getByText('The chair has stopped your sharing.').waitFor();
    await hears(lanPage, SLIDES_HZ, false);
    await click(lanPage, 'Close panel');
  });

  test('ends by the button, for everybody, and the microphone is heard on', async () => {
    await click(lanPage, 'Share screen');
    await sees(minhPage, SCREEN, 'blue');
    await click(lanPage, 'Unmute');
    await click(lanPage, 'Stop sharing');
    await minhPage.locator(SCREEN).waitFor({ state: 'detached' });
    expect(await sharers()).toEqual([]);
    await hears(minhPage, LAN_HZ);
    await hears(minhPage, SLIDES_HZ, false);
  });

  test('leaves the cameras large again', () => comes(minhPage, 'Lan', 'full'));

  test('another camera comes in both sizes as well, also after it was off', async () => {
    await click(minhPage, 'Devices');
    await minhPage.getByLabel('Camera', { exact: true }).selectOption({ index: OTHER_CAMERA });
    await click(minhPage, 'Done');
    await comes(lanPage, 'Minh', 'full');
    await pin(lanPage, HALL);
    await comes(lanPage, 'Minh', 'small');
    await click(minhPage, 'Camera off');
    await lanPage.waitForTimeout(OFF_MS);
    await click(minhPage, 'Camera on');
    await comes(lanPage, 'Minh', 'small');
  });

  test('a size that is not sent is made up for by the other', async () => {
    await sendOnly(minhPage, ['h']);
    await comes(lanPage, 'Minh', 'full');
    await sendOnly(minhPage, ['h', 'l']);
    await pin(lanPage, HALL);
    await comes(lanPage, 'Minh', 'full');
    await sendOnly(minhPage, ['l']);
    await comes(lanPage, 'Minh', 'small');
    await sendOnly(minhPage, ['h', 'l']);
    await comes(lanPage, 'Minh', 'full');
  });

  test('can then be another’s, and ends when what is shared is closed', async () => {
    await click(minhPage, 'Share screen');
    await sees(lanPage, SCREEN_OF_MINH, 'blue');
    await tabOf(minh, SLIDES).close();
    await lanPage.locator(SCREEN_OF_MINH).waitFor({ state: 'detached' });
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
    await hall.hangup();
    await expectNothingLeft(system);
  });
});

/** Pins somebody’s tile, or no longer. */
function pin(page: Page, name: string): Promise<void> {
  const actions = page.getByRole('toolbar', { name: `Actions for the picture of ${name}` });
  return actions.getByRole('button', { name: /^(Pin|Unpin)$/ }).click();
}

/** A tab of one colour and one tone, for sharing. */
async function openSlides({ newPage }: TestChromium, colour: ColourName): Promise<void> {
  const page = await newPage();
  const style = `background:rgb(${COLOURS[colour].join(',')})`;
  const script = `const audio = new AudioContext();
    const tone = new OscillatorNode(audio, { frequency: ${SLIDES_HZ} });
    tone.connect(new GainNode(audio, { gain: 0.5 })).connect(audio.destination);
    tone.start();`;
  await page.setContent(
    `<title>${SLIDES}</title><body style="${style}"></body><script>${script}</script>`,
  );
}

function isFull(width: number): boolean {
  return width > SMALL_WIDTH;
}

function near(frequencyHz: number, toneHz: number): boolean {
  return Math.abs(frequencyHz - toneHz) < 30;
}

function tabOf({ context }: TestChromium, title: string): Page {
  const [page] = context.pages().filter(one => one.url() === 'about:blank');
  if (!page) throw new Error(`no tab ${title}`);
  return page;
}
