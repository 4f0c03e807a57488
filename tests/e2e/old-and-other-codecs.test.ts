import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { rectanglesFor } from '../../src/stage/layout/rectangles.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { startFirefox, type TestFirefox } from '../support/firefox.ts';
import { decodedFps, videoColour } from '../support/page.ts';
import { type Colour, nearestColour } from '../support/picture.ts';
import type { CodecMedia } from '../support/sip-phone/room-codec.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf } from './district.ts';
import { type Hall, Halls, oldMedia, quietMedia, report, showsFull, showsTiles } from './halls.ts';

const [OLD, NEW] = ['Xã Tân Phú', 'Xã Bình An'];
const H263_PT = 34;
/** `nal_unit_type` and `profile_idc`, ITU-T H.264 Table 7-1 and §A.2.4. */
const [SPS, HIGH] = [7, 100];
/** ITU-T H.263 table 2: what codecs of that time show. */
const CIF = { width: 352, height: 288 };

/** Chromium sends and takes H.264, Firefox VP8, the old codec H.263: nobody understands another. */
describe('halls and browsers that have no codec in common', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let newMedia: CodecMedia;
  let halls: Halls;
  let old: Hall;
  let hall: Hall;
  let lan: TestChromium;
  let lanPage: Page;
  let firefox: TestFirefox;

  beforeAll(async () => {
    system = await startSystem();
    conference = await addConference(system, { name: 'Họp', number: '1001', alias: 'hop' });
    newMedia = quietMedia('blue', { profile: 'high' });
    halls = new Halls(system);
    old = await halls.open(OLD, 'tan-phu', oldMedia('red'));
    hall = await halls.open(NEW, 'binh-an', newMedia);
    lan = await startChromium({ where: 'office', colour: 'green' });
    firefox = await startFirefox({ where: 'office', toneHz: 700 });
    await old.codec.call('1001');
    lanPage = await lan.newPage();
    await lanPage.goto(`${system.browserUrl}/c/hop?name=Lan&join=1`);
    await lanPage.getByRole('button', { name: 'Mute' }).click();
  });

  afterAll(async () => {
    halls?.close();
    for (const one of [firefox, lan, system]) await one?.close();
  });

  const byOld = () => old.screen.look();
  const byHall = () => hall.screen.look();

  test('a codec that knows only H.263 is seen in a browser', async () => {
    const tile = `figure[aria-label="${OLD}"] video`;
    await waitFor(
      'the old codec in red',
      async () => nearestColour(await videoColour(lanPage, tile)) === 'red',
      30_000,
    );
    const fps = await decodedFps(lanPage, tile);
    report('pictures a second of the old codec in Chromium', fps.toFixed(1));
    expect(fps).toBeGreaterThan(3);
  });

  test('it is sent H.263 in CIF that FFmpeg takes without complaint, and sees the browser', async () => {
    const picture = await showsFull('the laptop', byOld, 'green');
    expect(picture).toMatchObject({ ...CIF, complaints: [] });
    expect(old.screen.payloadTypes).toEqual([H263_PT]);
    expect(old.codec.video.received.lost).toBe(0);
  });

  test('a newer hall and the old one see each other', async () => {
    await hall.codec.call('1001');
    const path = `/conferences/${conference.id}/layout`;
    await system.api(path, { method: 'PUT', body: { layout: 'grid' } });
    const everybody = ['red', 'green', 'blue'] as const;
    await showsTiles('by H.264', byHall, 'grid', everybody);
    const picture = await showsTiles('by H.263', byOld, 'grid', everybody);
    expect(picture).toMatchObject({ ...CIF, complaints: [] });
  });

  test('the newer hall’s High profile is shown by Chromium, whatever it lists', async () => {
    const listed: string[] = await lanPage.evaluate(
      `RTCRtpReceiver.getCapabilities('video').codecs
        .filter(({ mimeType }) => mimeType === 'video/H264')
        .map(({ sdpFmtpLine }) => /profile-level-id=(..)/.exec(sdpFmtpLine)?.[1])`,
    );
    report('H.264 profiles that Chromium lists', [...new Set(listed)].join(' '));
    const tile = `figure[aria-label="${NEW}"] video`;
    await waitFor(
      'the newer hall in blue',
      async () => nearestColour(await videoColour(lanPage, tile)) === 'blue',
      30_000,
    );
    const fps = await decodedFps(lanPage, tile);
    report('pictures a second of High profile in Chromium', fps.toFixed(1));
    expect(fps).toBeGreaterThan(3);
    const sps = newMedia.frames[0]?.payloads.find(([first = 0]) => (first & 31) === SPS);
    expect(sps?.[1], 'profile_idc').toBe(HIGH);
  });

  test('a browser that sends VP8 is seen by both, and moves', async () => {
    await firefox.goto(`${system.browserUrl}/c/hop?name=Minh&join=1`);
    await waitFor(
      'Firefox to send',
      async () =>
        (await participantsOf(system, conference)).some(
          ({ name, hasVideo }) => name === 'Minh' && hasVideo,
        ),
      30_000,
    );
    for (const [what, look] of [
      ['by H.264', byHall],
      ['by H.263', byOld],
    ] as const) {
      const colourOfMinh = async (): Promise<Colour> => {
        const picture = await look();
        const tile = rectanglesFor('grid', 4, picture)[3] ?? picture.all;
        return picture.meanOf({ ...tile, height: tile.height / 2 });
      };
      // Its fake camera goes slowly through all colours; a slate is dark, and stays as it is.
      const first = await waitFor(
        `${what}: a picture of Firefox`,
        async () => {
          const colour = await colourOfMinh();
          return Math.max(...colour) > 110 && colour;
        },
        20_000,
      );
      await waitFor(`${what}: another colour`, async () => apart(await colourOfMinh(), first) > 20);
    }
  });

  test('after all have left nothing is left anywhere', async () => {
    await halls.hangUp();
    await lanPage.getByRole('button', { name: 'Leave' }).click();
    await firefox.evaluate(`document.querySelector('button.danger').click()`);
    await waitFor(
      'everybody gone',
      async () => (await participantsOf(system, conference)).length === 0,
      20_000,
    );
    await expectNothingLeft(system);
  });
});

function apart(one: Colour, other: Colour): number {
  return Math.hypot(...one.map((value, index) => value - (other[index] ?? 0)));
}
